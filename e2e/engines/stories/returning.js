import assert from "node:assert/strict";

import { until } from "../../harness/until.js";
import { COMPOSER } from "../person.js";
import { story } from "../story.js";
import { id } from "../tab.js";

const DRAFT = "続きはあとで, to be continued";

const hasDraft = (person) =>
  until("the draft is back", async () => (await person.tab.value(COMPOSER)) === DRAFT, { state: () => person.tab.value(COMPOSER) });

story("a reload, and Back from another page, lead to the same room and to what was just being written", {}, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: ["kitchen"] });
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.say("before");
  await anna.allSent();
  await anna.tab.fill(COMPOSER, DRAFT);
  await anna.tab.reload();
  await anna.tab.shows(COMPOSER);
  assert.equal(await anna.tab.isVisible(id("name-input")), false, "nobody asks for a name again");
  assert.equal(await anna.openRoom(), "kitchen");
  await anna.sees("before");
  await hasDraft(anna);

  await anna.tab.goto(`${anna.url}/readyz`);
  await bert.post("kitchen", "meanwhile");
  await anna.tab.back();
  await anna.tab.shows(COMPOSER);
  await anna.sees("before", "meanwhile");
  await bert.post("kitchen", "after");
  await anna.sees("before", "meanwhile", "after");
  await hasDraft(anna);
  await anna.tab.click(COMPOSER);
  await anna.tab.press("Enter");
  await anna.sees("before", "meanwhile", "after", DRAFT);
});
