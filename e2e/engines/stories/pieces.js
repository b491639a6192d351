import assert from "node:assert/strict";

import { until } from "../../harness/until.js";
import { COMPOSER } from "../person.js";
import { story } from "../story.js";
import { id } from "../tab.js";

const MESSAGE = id("message");

/** Returns the names of the pieces that the page has fetched. */
const fetched = (tab) => tab.evaluate(() => {
  const paths = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
  return paths.flatMap((path) => path.match(/\/split_([a-z]+)\./)?.[1] ?? []);
});

story("settings, panels and the emoji picker open, with the code that they need", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "lunch?");
  const anna = await stage.enter("Anna");
  const { tab } = anna;

  await tab.click(id("settings-open"));
  await tab.click(id("lang-ja"));
  await until("the page is in Japanese", () => tab.evaluate(() => document.documentElement.lang === "ja"));
  await tab.click(id("settings-close"));
  await tab.hides(id("settings"));

  await tab.click(id("pins-open"));
  await until("nothing is pinned", async () => (await tab.texts(id("details"))).join().includes("ピン留め"));
  await tab.click(id("details-close"));
  await until("the members are listed", async () => {
    const names = (await tab.texts(id("member-item"))).join();
    return names.includes("Anna") && names.includes("Bert");
  });

  await tab.hover(MESSAGE);
  await tab.click(`${MESSAGE} ${id("tool-react")}`);
  await tab.focuses(id("emoji-search"));
  await tab.type("すし");
  await until("sushi is found", async () => (await tab.attribute(id("emoji"), "data-emoji")) === "🍣");
  await tab.click(`${id("emoji")}[data-emoji="🍣"]`);
  await tab.shows(`${id("reaction")}[data-emoji="🍣"]`);
  await bert.frame("the reaction", (frame) => frame.type === "reaction_added" && frame.emoji === "🍣");

  const pieces = await fetched(tab);
  for (const name of ["dialogs", "panels", "emoji"]) assert.ok(pieces.includes(name), `${name} is not among ${pieces}`);
});

story("a piece that does not come: the panel says so, a draft stays, and the panel opens at the next try", { link: true, offline: true }, async (stage) => {
  const page = await (await fetch(stage.server.url)).text();
  const [, folder] = page.match(/from '(\/[0-9a-f]+\/)client\.js'/);
  stage.link.bars = `GET ${folder}split_panels.`;
  const anna = await stage.enter("Anna");
  const { tab } = anna;
  await tab.fill(COMPOSER, "a draft");
  await tab.click(id("pins-open"));
  await tab.shows(id("later-failed"));
  stage.link.bars = undefined;
  await tab.click(id("later-again"));
  await tab.hides(id("later-failed"));
  await until("nothing is pinned", async () => (await tab.texts(id("details"))).join().includes("Nothing is pinned"));
  assert.equal(await tab.value(COMPOSER), "a draft");
});
