import assert from "node:assert/strict";

import { story } from "../harness/story.js";

/** Sends the keydown of Enter during a composition: as "Process" on Windows, as "Enter" on macOS. */
async function enterWithinComposition(devtools) {
  for (const key of ["Process", "Enter"]) {
    const event = { key, code: "Enter", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
    await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...event });
  }
}

story("the Enter that confirms a conversion does not send; the next one does", {}, async (stage) => {
  const anna = await stage.enter("Anna", { locale: "ja-JP" });
  const bert = await stage.wire("Bert");
  const devtools = await anna.page.context().newCDPSession(anna.page);
  await anna.composer.focus();

  for (const text of ["k", "か", "かい", "かいぎ", "会議"]) {
    await devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  }
  // Incoming frames must not touch the text being composed.
  bert.send({ type: "typing", room: "general", is_typing: true });
  await bert.post("general", "始めましょう");
  await anna.sees("始めましょう");
  assert.equal(await anna.composer.inputValue(), "会議");

  await enterWithinComposition(devtools);
  await devtools.send("Input.insertText", { text: "会議" });
  assert.equal(await anna.composer.inputValue(), "会議", "the confirmed text stays in the box");
  assert.deepEqual(await anna.texts(), ["始めましょう"], "nothing was sent");

  await anna.composer.press("Enter");
  await anna.sees("始めましょう", "会議");
  assert.equal(await anna.composer.inputValue(), "");
});

story("in Safari's order, compositionend and then Enter with code 229, nothing is sent either", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.composer.fill("東京");
  const prevented = await anna.composer.evaluate((box) => {
    box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "東京" }));
    const enter = { key: "Enter", code: "Enter", keyCode: 229, which: 229, bubbles: true, cancelable: true };
    return !box.dispatchEvent(new KeyboardEvent("keydown", enter));
  });
  assert.equal(prevented, false, "the key is left to the input method");
  assert.equal(await anna.composer.inputValue(), "東京");
  assert.equal(await anna.messages.count(), 0);

  await anna.composer.press("Enter");
  await anna.sees("東京");
});

story("Shift+Enter breaks the line, and a message may have several", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  await anna.composer.pressSequentially("one");
  await anna.composer.press("Shift+Enter");
  await anna.composer.pressSequentially("two");
  assert.equal(await anna.composer.inputValue(), "one\ntwo");
  await anna.composer.press("Enter");
  await bert.sees("one\ntwo");
});

story("the Enter that confirms a conversion neither saves an edit nor searches", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna", { locale: "ja-JP" });
  await anna.say("明日");
  await anna.allSent();
  const devtools = await anna.page.context().newCDPSession(anna.page);
  const compose = (text) =>
    devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });

  await anna.page.keyboard.press("ArrowUp");
  const edit = anna.page.getByTestId("edit-input");
  await edit.waitFor();
  await compose("ゆうがた");
  await compose("夕方");
  await enterWithinComposition(devtools);
  const escape = { key: "Escape", code: "Escape", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...escape });
  assert.equal(await edit.inputValue(), "明日夕方", "the box is still there");
  await devtools.send("Input.insertText", { text: "夕方" });
  await edit.press("Enter");
  await anna.sees("明日夕方");
  await bert.finds("夕方");

  const field = anna.page.locator('input[data-testid="search-input"]:visible');
  await field.focus();
  await compose("夕方");
  await enterWithinComposition(devtools);
  assert.equal(await anna.page.getByTestId("card").count(), 0);
  assert.equal(await anna.page.locator(".search-status").count(), 0, "nothing was asked");
  await devtools.send("Input.insertText", { text: "夕方" });
  await field.press("Enter");
  await anna.page.getByTestId("card").filter({ hasText: "明日夕方" }).waitFor();
});
