import assert from "node:assert/strict";

import { COMPOSER } from "../person.js";
import { story } from "../story.js";

story("one gives a name, writes, and reads what others write", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("はなこ");
  await anna.say("こんにちは, everybody");
  const arrived = await bert.frame("what she writes", (frame) => frame.type === "message");
  assert.equal(arrived.content, "こんにちは, everybody");
  assert.equal(await anna.tab.value(COMPOSER), "");
  assert.ok(await anna.tab.hasFocus(COMPOSER), "one can go on writing");

  await bert.post("general", "Hello!");
  await anna.tab.type("one");
  await anna.tab.press("Shift+Enter");
  await anna.tab.type("two");
  assert.equal(await anna.tab.value(COMPOSER), "one\ntwo");
  await anna.tab.press("Enter");
  await anna.sees("こんにちは, everybody", "Hello!", "one\ntwo");
  await anna.allSent();
  assert.equal((await anna.texts()).length, 3, "each is there once");
});
