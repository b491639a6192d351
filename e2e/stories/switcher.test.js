import assert from "node:assert/strict";

import { turns } from "../harness/page_end.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.className);
const isOpen = (person, room) => until(`${room} is open`, async () => (await person.openRoom()) === room);

story("two characters and Enter lead to a room, recent ones first, and Escape back to the text", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await stage.wire("Bêrt", { rooms: ["ざつだん", "release"] });
  const { page, composer } = anna;
  const options = () => page.getByTestId("switcher-option").locator(".proposal-name").allInnerTexts();
  await anna.join("design");
  await anna.join("docs");

  await composer.fill("half a sentence");
  await composer.press("ControlOrMeta+k");
  const input = page.getByTestId("switcher-input");
  await input.waitFor();
  await until("recent rooms come first", async () => (await options()).slice(0, 2).join() === "design,general");
  await page.keyboard.press("Escape");
  await input.waitFor({ state: "detached" });
  assert.equal(await focused(page), "composer");
  assert.equal(await composer.inputValue(), "half a sentence");

  for (const [typed, room] of [["ザツ", "ざつだん"], ["ge", "general"], ["ＤＥ", "design"]]) {
    await page.keyboard.press("ControlOrMeta+k");
    await input.fill(typed);
    await until(`${typed} offers ${room}`, async () => (await options())[0] === room);
    const active = await input.getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
    await input.press("Enter");
    await isOpen(anna, room);
    await input.waitFor({ state: "detached" });
  }

  await page.keyboard.press("ControlOrMeta+k");
  await input.fill("e");
  await input.press("ArrowDown");
  assert.equal(await page.locator('[data-testid="switcher-option"][aria-selected="true"] .proposal-name').innerText(), (await options())[1]);
  await input.fill("no such room");
  await page.getByText("No room or person is called that").waitFor();
  await input.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true });
  assert.equal(await input.isVisible(), true, "Enter belongs to the input method");
});

story("a person is found without the accents of the name, and leads to what they wrote", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bêrt", { rooms: ["general"] });
  await bert.post("general", "hello from me");
  await bert.finds("hello");
  await anna.page.getByTestId("switcher-open").click();
  await anna.page.getByTestId("switcher-input").fill("bert");
  await anna.page.getByTestId("switcher-option").filter({ hasText: "Bêrt" }).click();
  await anna.page.getByTestId("card").filter({ hasText: "hello from me" }).waitFor();
});

story("keys lead to the next room, to the next unread one, and around the parts of the page", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const { page, composer } = anna;
  for (const room of ["alpha", "beta", "gamma"]) await anna.join(room);
  const bert = await stage.wire("Bert", { rooms: ["alpha"] });
  // By name: alpha, beta, gamma, general.
  await composer.press("Alt+ArrowUp");
  await isOpen(anna, "beta");
  await composer.press("Alt+ArrowDown");
  await isOpen(anna, "gamma");
  await bert.post("alpha", "news");
  await anna.room("alpha").locator(".unread").waitFor();
  await composer.press("Alt+Shift+ArrowDown");
  await isOpen(anna, "alpha");
  await composer.press("Alt+ArrowUp");
  await isOpen(anna, "general");
  await page.locator('input[data-testid="search-input"]:visible').press("Alt+ArrowDown");
  await turns(page);
  assert.equal(await anna.openRoom(), "general", "the key belongs to the field");

  await composer.focus();
  const visited = [];
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press("F6");
    visited.push(await page.evaluate(() => document.activeElement.closest("aside, nav, [role=log], form")?.tagName));
  }
  assert.deepEqual(visited, ["ASIDE", "NAV", "DIV", "FORM"]);
  assert.equal(await focused(page), "composer");

  await page.keyboard.press("ControlOrMeta+/");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Go to a room or person").waitFor();
  await page.keyboard.press("ControlOrMeta+k");
  assert.equal(await page.getByTestId("switcher-input").isVisible(), false, "keys belong to the dialog");
  await page.getByTestId("help-close").click();
  assert.equal(await focused(page), "composer");
});
