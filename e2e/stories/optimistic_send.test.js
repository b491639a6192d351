import assert from "node:assert/strict";

import { story } from "../harness/story.js";

/** Asserts that the message is there exactly once, on the page and in the log. */
async function thereOnce(stage, anna, text) {
  await anna.allSent();
  await anna.sees(text);
  assert.deepEqual(await anna.texts(), [text]);
  const witness = await stage.wire("Witness");
  const joined = witness.frames.find((frame) => frame.type === "joined");
  assert.deepEqual(joined.events.map((event) => event.content), [text]);
}

story("a link that breaks between a message and its ack leaves exactly one message", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  stage.link.holdToPage();
  await anna.say("stored, but not acked");
  await bert.frame("the message", (frame) => frame.content === "stored, but not acked");
  assert.equal(await anna.messages.getAttribute("data-pending"), "true", "the page does not know yet");

  stage.link.cut();
  stage.link.mend();
  await thereOnce(stage, anna, "stored, but not acked");
});

story("a link that breaks before a message arrives still sends it once", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  stage.link.holdToServer();
  await anna.say("did not get far");
  await anna.sees("did not get far");
  stage.link.cut();
  stage.link.mend();
  await thereOnce(stage, anna, "did not get far");
});
