import assert from "node:assert/strict";

import { driftWhileLoading, rest, wander, watchMoves } from "../../harness/reading.js";
import { until } from "../../harness/until.js";
import { TIMELINE } from "../person.js";
import { story } from "../story.js";
import { id } from "../tab.js";

const FAST = { flags: ["--rate-limits", "off"] };

/** Every seventh message has three lines, so that rows differ in height. */
const text = (number) => `message ${number}${number % 7 === 0 ? "\n二行目です\nand a third line" : ""}`;

/** Opens the room and waits until the newest message is there and the list is at rest. */
async function enter(stage, total) {
  const anna = await stage.enter("Anna");
  await seesNewest(anna, total);
  await anna.tab.evaluate(rest);
  return anna;
}

const seesNewest = (person, total) =>
  until("the newest is there", async () => (await person.texts()).at(-1)?.startsWith(`message ${total}`));

/** Returns the seq of the oldest message on the page. */
const oldest = async (person) => Number(await person.tab.attribute(id("message"), "data-seq"));

story("older messages load above: the row being read stays, and whoever pages up is never thrown back", FAST, async (stage, t) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 300, text);
  const anna = await enter(stage, 300);

  let worst = 0;
  for (let page = 1; page <= 3; page += 1) {
    const from = await oldest(anna);
    const moved = await anna.tab.evaluate(driftWhileLoading);
    assert.ok(moved < 2, `the row moved by ${moved} px`);
    assert.ok((await oldest(anna)) < from, `nothing older than seq ${from} was loaded`);
    worst = Math.max(worst, moved);
  }

  await anna.tab.evaluate((timeline) => document.querySelector(timeline).focus(), TIMELINE);
  await anna.tab.evaluate(watchMoves);
  await until("the beginning is on screen", async () => {
    await anna.tab.press("PageUp");
    return anna.tab.evaluate((line) => document.querySelector(line)?.getBoundingClientRect().top > 0, `${TIMELINE} .beginning`);
  });
  await anna.tab.evaluate(rest);
  const { back, lost, frames } = await anna.tab.evaluate(() => window.moves);
  t.diagnostic(`a row moved by ${worst} px while at rest, and back by ${back} px in ${frames} frames`);
  assert.ok(back < 2, `a row moved back by ${back} px`);
  assert.equal(lost, 0, "a row that is being read is replaced");

  const numbers = (await anna.texts()).map((text) => Number(text.match(/^message (\d+)/)[1]));
  assert.deepEqual(numbers, Array.from({ length: numbers.length }, (_, index) => index + 1));
});

story("a long room: up through hundreds and back to the newest, few rows", FAST, async (stage, t) => {
  const total = 3_000;
  const away = total - 500;
  const bert = await stage.wire("Bert");
  await bert.fill("general", total, text);
  const anna = await enter(stage, total);

  // More than this may be more than is loaded.
  const step = 750;
  const up = await anna.tab.evaluate(wander, { step: -step, until: away, limit: 200 });
  assert.ok(up.at <= away, `only up to ${up.at}`);
  assert.equal(await anna.tab.count(`[data-seq="${total}"]`), 0, "what is far away is not on the page");
  const down = await anna.tab.evaluate(wander, { step, until: total - 100, limit: 200 });
  assert.ok(down.at >= total - 100, `only down to ${down.at}`);

  t.diagnostic(`rows at most ${Math.max(up.most, down.most)}; a row moved by ${up.worst} px going up and ${down.worst} px
    going down in ${up.steps + down.steps} steps`);
  assert.ok(Math.max(up.most, down.most) < 400, `${up.most} and ${down.most} rows`);
  assert.ok(up.worst < 2 && down.worst < 2, `a row moved by ${up.worst} and ${down.worst} px`);

  await anna.tab.click(id("jump-latest"));
  await seesNewest(anna, total);
});

story("whoever scrolls to the last loaded row stays there while newer ones load", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  // The rows dropped above are much taller than those added below.
  await bert.fill("general", 600, (number) => `message ${number}${number <= 250 ? "\nsecond line\nthird line" : ""}`);
  const anna = await stage.enter("Anna", "/r/general/m/100");
  await until("message 100 is there", async () => (await anna.fromMiddle(100)) !== null);
  await anna.tab.evaluate(rest);
  await anna.tab.evaluate(wander, { step: 750, until: 275, limit: 200 });
  const newest = async () => Number(await anna.tab.evaluate((row) => [...document.querySelectorAll(row)].at(-1).dataset.seq, id("message")));
  const from = await newest();
  const moved = await anna.tab.evaluate(driftWhileLoading, "last");
  assert.ok((await newest()) > from, `nothing newer than seq ${from} was loaded`);
  assert.ok(moved < 2, `the row moved by ${moved} px`);
});
