import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const fromEnd = (person) =>
  person.timeline.evaluate((view) => view.scrollHeight - view.scrollTop - view.clientHeight);

/** Returns how many lines of its text a box shows. */
const linesShown = (box) =>
  box.evaluate((box) => {
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(box);
    return Math.round((box.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight));
  });

story("a box that grows and shrinks keeps the end of the room in sight", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 60);
  const anna = await stage.enter("Anna");
  await anna.sees("message 60");
  await until("she is at the end", async () => (await fromEnd(anna)) < 2);
  for (let line = 2; line <= 8; line += 1) {
    await anna.page.keyboard.type(`line ${line}`);
    await anna.page.keyboard.press("Shift+Enter");
    await until(`the end is in sight with ${line} lines`, async () => (await fromEnd(anna)) < 2, { state: () => fromEnd(anna) });
    assert.equal(await linesShown(anna.composer), line);
    await bert.post("general", `beside line ${line}`);
    await anna.sees(`beside line ${line}`);
    await until("what is new is followed", async () => (await fromEnd(anna)) < 2, { state: () => fromEnd(anna) });
  }
  assert.equal(await anna.page.getByTestId("jump-latest").count(), 0);
  await anna.composer.fill("");
  await until("the box is small again", async () => (await linesShown(anna.composer)) === 1);
  await until("the end is in sight", async () => (await fromEnd(anna)) < 2);
});

story("a draft stands in a box of its own height: after a reload, in its room, in another width", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.composer.fill("one\ntwo\nthree\nfour\nfive");
  await until("it stands in five lines", async () => (await linesShown(anna.composer)) === 5);
  await anna.page.reload();
  await anna.composer.waitFor();
  await until("it stands in five lines again", async () => (await linesShown(anna.composer)) === 5, { state: () => linesShown(anna.composer) });
  await anna.open("general");
  await until("an empty box has one", async () => (await linesShown(anna.composer)) === 1);
  await anna.open("kitchen");
  await until("it stands in five lines", async () => (await linesShown(anna.composer)) === 5);

  await anna.composer.fill("The quick brown fox jumps over the lazy dog. ".repeat(3));
  const wide = await linesShown(anna.composer);
  await anna.page.setViewportSize({ width: 400, height: 800 });
  const fits = () => anna.composer.evaluate((box) => box.scrollHeight <= box.clientHeight);
  await until("a narrow box is higher", async () => (await linesShown(anna.composer)) > wide && (await fits()));
});
