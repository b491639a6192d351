import assert from "node:assert/strict";

import { wander } from "../../harness/reading.js";
import { story } from "../../harness/story.js";
import { until } from "../../harness/until.js";

const TOTAL = 20_000;

/** Every seventh message has three lines, so that rows differ in height. */
const text = (number) => `message ${number}${number % 7 === 0 ? "\n二行目です\nand a third line" : ""}`;

story("a room of 20,000 messages: up through thousands and back to the same row, few rows, quick keys", { flags: ["--rate-limits", "off"] }, async (stage, t) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", TOTAL, text);
  const anna = await stage.enter("Anna");
  await until("the newest is there", async () => (await anna.texts()).at(-1)?.startsWith(`message ${TOTAL}`));

  const away = TOTAL - 300;
  await anna.page.evaluate(wander, { step: -700, until: away, limit: 200 });
  const row = anna.messages.filter({ hasText: new RegExp(`^.*message ${away}$`, "s") });
  const top = () => row.evaluate((element) => element.getBoundingClientRect().top);
  await row.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  const start = await top();

  const up = await anna.page.evaluate(wander, { step: -700, until: TOTAL - 3_300, limit: 600 });
  assert.ok(up.at <= TOTAL - 3_300, `only up to ${up.at}`);
  assert.equal(await row.count(), 0, "what is far away is not on the page");

  await anna.composer.focus();
  await anna.composer.evaluate((box) => {
    window.delays = [];
    let pressed = 0;
    box.addEventListener("keydown", (event) => (pressed = event.timeStamp));
    // Right after the frame that shows the letter.
    const painted = () => requestAnimationFrame(() => setTimeout(() => window.delays.push(performance.now() - pressed)));
    box.addEventListener("input", painted);
  });
  const keys = "abcdefghijklmnopqrst";
  for (const [at, key] of [...keys].entries()) {
    await anna.page.keyboard.press(key);
    await until("the letter is drawn", () => anna.page.evaluate((count) => window.delays.length === count, at + 1));
  }
  const delays = await anna.page.evaluate(() => window.delays);
  delays.sort((a, b) => a - b);
  const middle = delays[delays.length / 2];

  const down = await anna.page.evaluate(wander, { step: 700, until: away - 40, limit: 600 });
  await row.waitFor();
  await row.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  await until("the row is where it was", async () => Math.abs((await top()) - start) < 2);

  t.diagnostic(`rows at most ${Math.max(up.most, down.most)}; a row moved by ${up.worst} px going up and ${down.worst} px
    going down in ${up.steps + down.steps} steps; keys ${middle.toFixed(1)} ms, worst ${delays.at(-1).toFixed(1)} ms`);
  assert.ok(Math.max(up.most, down.most) < 400, `${up.most} and ${down.most} rows`);
  assert.ok(up.worst < 2 && down.worst < 2, `a row moved by ${up.worst} and ${down.worst} px`);
  assert.ok(middle < 50, `a key shows after ${middle} ms`);

  await anna.page.getByTestId("jump-latest").click();
  await until("the newest is there again", async () => (await anna.texts()).at(-1)?.startsWith(`message ${TOTAL}`));
});
