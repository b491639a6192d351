import assert from "node:assert/strict";

import { story } from "../../harness/story.js";
import { until } from "../../harness/until.js";

const focused = (person) => person.page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.role);

/** Opens the menu of a message with the pointer. */
async function menuOf(person, message) {
  await message.hover();
  await message.getByTestId("tool-more").click();
  await person.page.getByRole("menu").waitFor();
}

story("by mouse: a message is edited, its earlier text is kept, and it is deleted after a question", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  await anna.say("see you at five");
  await bert.sees("see you at five");
  const own = anna.messages.filter({ hasText: "see you" });

  await bert.messages.first().hover();
  await bert.messages.first().getByTestId("tool-more").waitFor();
  assert.equal(await bert.page.getByTestId("tool-edit").count(), 0, "only the author edits");

  await own.hover();
  await own.getByTestId("tool-edit").click();
  await anna.page.getByTestId("edit-input").fill("see you at six");
  await anna.page.getByTestId("edit-save").click();
  await bert.sees("see you at six");
  await bert.page.getByTestId("edited").waitFor();
  assert.match(await bert.page.getByTestId("edited").getAttribute("title"), /2\d{3}/, "with its time");

  await menuOf(bert, bert.messages.first());
  await bert.page.getByTestId("menu-versions").click();
  const versions = bert.page.getByTestId("version");
  await until("both texts are listed", async () => (await versions.count()) === 2);
  assert.match(await versions.nth(0).innerText(), /at six/);
  assert.match(await versions.nth(1).innerText(), /at five/);
  await bert.page.keyboard.press("Escape");

  await menuOf(anna, own);
  await anna.page.getByTestId("menu-delete").click();
  await anna.page.getByTestId("delete-cancel").click();
  await bert.sees("see you at six");
  await menuOf(anna, own);
  await anna.page.getByTestId("menu-delete").click();
  await anna.page.getByTestId("delete-confirm").click();
  await bert.page.getByTestId("tombstone").waitFor();
  await anna.page.getByTestId("tombstone").waitFor();
  assert.deepEqual(await bert.texts(), []);
});

story("by keyboard: up in the empty box edits the last message, Escape leaves it, Enter saves", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.say("firts");
  await anna.allSent();
  await bert.post("general", "hello");
  await anna.sees("firts", "hello");
  await anna.page.keyboard.press("ArrowUp");
  await until("the box has the focus", async () => (await focused(anna)) === "edit-input");
  assert.equal(await anna.page.getByTestId("edit-input").inputValue(), "firts", "one's own last message");
  await anna.page.keyboard.type(" no");
  await anna.page.keyboard.press("Escape");
  await until("the focus is back", async () => (await focused(anna)) === "composer");
  assert.deepEqual(await anna.texts(), ["firts", "hello"]);

  await anna.page.keyboard.press("ArrowUp");
  await until("the box has the focus", async () => (await focused(anna)) === "edit-input");
  await anna.page.keyboard.press("ControlOrMeta+a");
  await anna.page.keyboard.type("first");
  await anna.page.keyboard.press("Enter");
  await anna.sees("first", "hello");
  await until("the focus is back", async () => (await focused(anna)) === "composer");
  await bert.frame("the edit", (frame) => frame.type === "message_edited" && frame.content === "first");
});

story("by keyboard: arrows reach a message, Enter opens its menu, arrows its items, and the focus comes back", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  for (const text of ["one", "two", "three"]) await bert.post("general", text);
  await anna.sees("one", "two", "three");
  await anna.timeline.focus();
  await anna.page.keyboard.press("ArrowUp");
  await anna.page.keyboard.press("ArrowUp");
  const two = anna.messages.filter({ hasText: "two" });
  assert.equal(await two.evaluate((row) => row === document.activeElement), true);
  assert.match(await two.getAttribute("aria-label"), /^Bert, .*: two$/);
  await anna.page.keyboard.press("Home");
  await anna.page.keyboard.press("ArrowDown");
  await anna.page.keyboard.press("Enter");
  await until("the first item has the focus", async () => (await focused(anna)) === "menu-quick");
  await anna.page.keyboard.press("End");
  assert.equal(await focused(anna), "menu-report");
  await anna.page.keyboard.press("ArrowUp");
  assert.equal(await focused(anna), "menu-unread");
  await anna.page.keyboard.press("ArrowUp");
  assert.equal(await focused(anna), "menu-pin");
  await anna.page.keyboard.press("Enter");
  await until("it is pinned", async () => (await two.getByTestId("pinned").count()) === 1);
  await until("the message has the focus again", () => two.evaluate((row) => row === document.activeElement));

  await anna.page.keyboard.press("Tab");
  assert.equal(await focused(anna), "tool-react");
  await anna.page.keyboard.press("Tab");
  await anna.page.keyboard.press("Enter");
  await until("one may write the reply", async () => (await focused(anna)) === "composer");
  await anna.page.getByTestId("reply-bar").filter({ hasText: "two" }).waitFor();
  await anna.page.keyboard.press("Escape");
  await anna.page.getByTestId("reply-bar").waitFor({ state: "hidden" });
});

story("reactions: both tabs count the same within a second, and twice is as before", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  await bert.say("lunch?");
  await anna.sees("lunch?");
  await anna.allSent();
  const row = anna.messages.first();
  await row.hover();
  await row.getByTestId("tool-react").click();
  const search = anna.page.getByTestId("emoji-search");
  await until("the search has the focus", async () => (await focused(anna)) === "emoji-search");
  await search.pressSequentially("すし");
  await until("sushi is found", async () => {
    const cells = await anna.page.getByRole("gridcell").evaluateAll((all) => all.map((cell) => cell.dataset.emoji));
    return cells[0] === "🍣" && cells.length < 10;
  });
  await search.fill("party pop");
  await anna.page.keyboard.press("ArrowDown");
  await anna.page.keyboard.press("Enter");
  const started = Date.now();
  const chips = [anna, bert].map((person) => person.page.getByTestId("reaction"));
  for (const chip of chips) await chip.filter({ hasText: "🎉" }).waitFor();
  assert.ok(Date.now() - started < 1_000, "within a second");
  assert.deepEqual(await Promise.all(chips.map((chip) => chip.getAttribute("aria-pressed"))), ["true", "false"]);

  const height = await row.evaluate((element) => element.getBoundingClientRect().height);
  await chips[1].click();
  for (const chip of chips) await until("two reacted", async () => /2/.test(await chip.innerText()));
  assert.match(await chips[0].textContent(), /Anna and Bert/);
  assert.equal(await row.evaluate((element) => element.getBoundingClientRect().height), height, "nothing jumps");
  await chips[1].click();
  for (const chip of chips) await until("one is left", async () => /1/.test(await chip.innerText()));
  await chips[0].click();
  for (const chip of chips) await until("none is left", async () => (await chip.count()) === 0);
});

story("a finger that rests on a message opens the sheet, and Back closes it", {}, async (stage) => {
  const anna = await stage.enter("Anna", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const bert = await stage.wire("Bert");
  await bert.post("general", "touch me");
  await anna.sees("touch me");
  const row = anna.messages.first();
  const press = () => row.evaluate((element) => {
    const { x, y } = element.getBoundingClientRect();
    const finger = { bubbles: true, pointerType: "touch", pointerId: 1, clientX: x + 40, clientY: y + 10 };
    element.dispatchEvent(new PointerEvent("pointerdown", finger));
  });
  const sheet = anna.page.getByTestId("message-menu");
  await press();
  await sheet.waitFor();
  const items = await sheet.getByRole("menuitem").evaluateAll((all) => all.map((item) => item.getBoundingClientRect().height));
  assert.ok(Math.min(...items) >= 44, `targets of ${Math.min(...items)} px`);
  await anna.page.goBack();
  await sheet.waitFor({ state: "hidden" });
  assert.equal(new URL(anna.page.url()).pathname, "/r/general");

  await press();
  await sheet.getByText("👍").click();
  await anna.page.getByTestId("reaction").waitFor();
  await bert.frame("the reaction", (frame) => frame.type === "reaction_added" && frame.emoji === "👍");
});
