import assert from "node:assert/strict";

import { until } from "../../harness/until.js";
import { COMPOSER } from "../person.js";
import { story } from "../story.js";
import { id } from "../tab.js";

const TAKEN = 229;

/** The keydown of Enter that confirms a conversion, and whether the composition has ended before it. */
const ORDERS = {
  "Safari's order": { endsFirst: true, keys: [{ key: "Enter", keyCode: TAKEN }] },
  "the order of the others": {
    endsFirst: false,
    keys: [{ key: "Process", keyCode: TAKEN, isComposing: true }, { key: "Enter", keyCode: 13, isComposing: true }],
  },
};

/** Runs in the page: composes `text` in the field as an input method does. Returns whether the page took the Enter. */
function compose(selector, text, { endsFirst, keys }) {
  const field = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
  field.focus();
  const composition = (type) => field.dispatchEvent(new CompositionEvent(type, { bubbles: true, data: text }));
  composition("compositionstart");
  composition("compositionupdate");
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  const input = { bubbles: true, data: text, inputType: "insertCompositionText", isComposing: true };
  field.dispatchEvent(new InputEvent("input", input));
  if (endsFirst) composition("compositionend");
  const events = keys.map((key) => new KeyboardEvent("keydown", { code: "Enter", bubbles: true, cancelable: true, ...key }));
  if (events.some((event, at) => event.keyCode !== keys[at].keyCode)) throw new Error("the engine dropped the key code");
  const taken = events.map((event) => !field.dispatchEvent(event)).includes(true);
  if (!endsFirst) composition("compositionend");
  return taken;
}

story("the Enter that confirms a conversion neither sends, nor saves, nor searches", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna");
  const { tab } = anna;
  const field = `input${id("search-input")}`;
  const edit = id("edit-input");
  await bert.post("general", "始めましょう");
  await anna.sees("始めましょう");

  let sent = ["始めましょう"];
  for (const [name, order] of Object.entries(ORDERS)) {
    const confirm = async (field, text) => {
      assert.equal(await tab.evaluate(compose, field, text, order), false, `${name}: the key is left to the input method`);
    };
    await confirm(COMPOSER, "会議");
    assert.equal(await tab.value(COMPOSER), "会議", name);
    assert.deepEqual(await anna.texts(), sent, `${name}: nothing was sent`);
    await tab.press("Enter");
    await anna.sees(...sent, "会議");
    assert.equal(await tab.value(COMPOSER), "", name);
    await anna.allSent();

    await tab.press("ArrowUp");
    await tab.focuses(edit);
    await confirm(edit, "室");
    assert.equal(await tab.value(edit), "会議室", `${name}: the box is still there`);
    await tab.press("Enter");
    sent = [...sent, "会議室"];
    await anna.sees(...sent);
    await tab.hides(edit);
  }

  await bert.finds("会議室");
  for (const [name, order] of Object.entries(ORDERS)) {
    await tab.fill(field, "");
    await tab.press("Backspace");
    assert.equal(await tab.evaluate(compose, field, "会議室", order), false, name);
    assert.equal(await tab.count(".search-status"), 0, `${name}: nothing was asked`);
  }
  await tab.press("Enter");
  await until("both are found", async () => (await tab.count(id("card"))) === 2);
});
