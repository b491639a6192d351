import assert from "node:assert/strict";

import { turns } from "../harness/page_end.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const selection = (box) => box.evaluate((box) => [box.value, box.selectionStart, box.selectionEnd]);
const select = (box, start, end) => box.evaluate((box, [start, end]) => box.setSelectionRange(start, end), [start, end]);

story("what is written into a message's box stays there over a change of rooms and a reload", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("first");
  await anna.say("second");
  await anna.allSent();
  await anna.join("kitchen");
  await anna.open("general");
  await anna.composer.press("ArrowUp");
  const box = anna.page.getByTestId("edit-input");
  await box.fill("second, but better");
  await select(box, 8, 11);

  await anna.open("kitchen");
  await anna.composer.waitFor();
  await anna.open("general");
  await box.waitFor();
  assert.deepEqual(await selection(box), ["second, but better", 8, 11]);
  assert.ok(await anna.composer.evaluate((box) => box === document.activeElement), "the box to write in has the focus");

  await anna.page.reload();
  await box.waitFor();
  assert.deepEqual(await selection(box), ["second, but better", 8, 11]);

  // A second edit does not discard the first.
  const first = anna.messages.filter({ hasText: "first" });
  await first.hover();
  await first.getByTestId("tool-edit").click();
  await until("both are there", async () => (await box.count()) === 2);
  await until("the new one has the focus", () => box.first().evaluate((box) => box === document.activeElement));
  await box.first().press("Escape");
  await box.press("Enter");
  await anna.sees("first", "second, but better");
  assert.equal(await box.count(), 0);
  await turns(anna.page);
});

story("closing one message's box does not take the focus from another that one has gone to", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("first");
  await anna.say("second");
  await anna.allSent();
  await anna.composer.press("ArrowUp");
  const box = anna.page.getByTestId("edit-input");
  await box.waitFor();
  const first = anna.messages.filter({ hasText: "first" });
  await first.hover();
  await first.getByTestId("tool-edit").click();
  await until("both are there", async () => (await box.count()) === 2);
  await until("the new one has the focus", () => box.first().evaluate((box) => box === document.activeElement));
  // As somebody does who is quicker than a frame.
  await box.first().evaluate((box) => {
    const other = document.querySelectorAll("[data-testid=edit-input]")[1];
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
    other.focus();
  });
  await until("one is left", async () => (await box.count()) === 1);
  await turns(anna.page);
  assert.ok(await box.evaluate((box) => box === document.activeElement), "the other box keeps the focus");
});

story("the caret of a draft stays where it was, over a change of rooms and a reload", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.composer.fill("続きはあとで\nto be continued");
  await select(anna.composer, 3, 3);
  await anna.open("general");
  await anna.open("kitchen");
  const kept = ["続きはあとで\nto be continued", 3, 3];
  await until("the caret is back", async () => JSON.stringify(await selection(anna.composer)) === JSON.stringify(kept), {
    state: () => selection(anna.composer),
  });
  await anna.page.keyboard.type("、");
  assert.equal(await anna.composer.inputValue(), "続きは、あとで\nto be continued");
  await anna.page.reload();
  await anna.room("kitchen").waitFor();
  await anna.open("kitchen");
  await until("the caret is back after a reload", async () => (await selection(anna.composer))[1] === 4, {
    state: () => selection(anna.composer),
  });
});
