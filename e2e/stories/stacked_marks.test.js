import assert from "node:assert/strict";

import { story } from "../harness/story.js";

const above = "\u0301\u0300\u0302\u0303\u0304\u0306".repeat(10);
const below = "\u0316\u0317\u0323\u0324\u0325\u0331".repeat(10);
const STACKED = [..."abcde"].map((letter, at) => letter + (at % 2 === 0 ? above : below)).join("");

/** Returns the rectangle of an element, in whole pixels inside of it. */
async function inside(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  const [left, top] = [Math.ceil(x), Math.ceil(y)];
  return { x: left, y: top, width: Math.floor(x + width) - left, height: Math.floor(y + height) - top };
}

const style = (locator, css) => locator.evaluate((element, css) => void Object.assign(element.style, css), css);

story("marks stacked without end stay in their row; a tall script and the ring of a link are whole", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const texts = ["the row above", STACKED, "the row below", "ที่นี่ ปิ่น བསྒྲུབས་སོ། لِلَّهِ ஸ்ரீ ក្រុំ", "see https://example.org/a now"];
  for (const text of texts) await anna.say(text);
  const row = (at) => anna.messages.nth(at);
  await row(texts.length - 1).waitFor();
  await anna.page.mouse.move(0, 0);
  const look = async (at) => anna.page.screenshot({ clip: await inside(row(at)), caret: "hide", animations: "disabled" });

  const [before, own, after] = [await look(0), await look(1), await look(2)];
  await anna.page.screenshot({ path: "out/stacked_marks.png" });
  const stacked = row(1).getByTestId("message-text");
  await style(stacked, { visibility: "hidden" });
  assert.ok(!(await look(1)).equals(own), "it is seen in its own row");
  assert.ok((await look(0)).equals(before), "nothing of it is in the row above");
  assert.ok((await look(2)).equals(after), "nothing of it is in the row below");
  await style(stacked, { visibility: "visible" });

  // Without the clip these look the same: nothing of them is cut off.
  const link = row(4).getByRole("link");
  await link.focus();
  await anna.page.keyboard.press("Shift");
  for (const at of [3, 4]) {
    const whole = await look(at);
    await style(row(at).locator(".message-body"), { overflow: "visible" });
    assert.ok((await look(at)).equals(whole), texts[at]);
  }
});

story("a name that is read from right to left stands beside its picture", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const name = "שלום עולם";
  const wire = await stage.wire(name);
  await wire.post("general", "שלום");
  await anna.member(name).waitFor();
  const gap = async (place, words) => {
    const picture = await place.locator(".avatar").boundingBox();
    const text = await place.locator(words).evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    });
    return text.left - (picture.x + picture.width);
  };
  const message = anna.messages.filter({ hasText: "שלום" }).last();
  await message.waitFor();
  for (const [where, place, words] of [
    ["in the list of members", anna.member(name), ".member-name"],
    ["at a message", message, ".message-author"],
    ["at the words of a message", message, ".message-text"],
  ]) {
    const pixels = await gap(place, words);
    assert.ok(pixels > 0 && pixels < 24, `${where}: ${pixels} px`);
  }
});
