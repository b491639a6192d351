import assert from "node:assert/strict";

import { until } from "../../harness/until.js";
import { story } from "../story.js";
import { id } from "../tab.js";

const FAST = { flags: ["--rate-limits", "off"] };
const ROOM = "図書室";

/** Waits until the message is near the middle of the list. */
const isInTheMiddle = (person, seq) =>
  until(`message ${seq} is in the middle`, async () => {
    const off = await person.fromMiddle(seq);
    return off !== null && off < 60;
  }, { state: () => person.fromMiddle(seq) });

story("what is found far in the past, in a room that one is not in, is turned to", FAST, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: [ROOM] });
  await bert.post(ROOM, "鍵は机の引き出しにあります");
  await bert.fill(ROOM, 500);
  await bert.finds("鍵");
  const anna = await stage.enter("Anna");
  await anna.tab.fill(`input${id("search-input")}`, "鍵");
  await anna.tab.press("Enter");
  await until("one is found", async () => (await anna.tab.count(id("card"))) === 1);
  assert.deepEqual(await anna.tab.texts(`${id("search-results")} mark`), ["鍵"]);
  await anna.tab.click(id("card-go"));
  await until("it is on screen", () => anna.tab.evaluate((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return box && box.top >= 0 && box.bottom <= innerHeight;
  }, '[data-seq="1"]'));
  assert.equal(await anna.openRoom(), ROOM);
});

story("the address of a message leads to it and marks it for a moment", FAST, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: [ROOM] });
  await bert.fill(ROOM, 1_000);
  const address = `/r/${ROOM}/m/41`;
  const anna = await stage.enter("Anna", address);
  const row = '[data-seq="41"]';
  await until("it is marked", () => anna.tab.evaluate((row) => {
    const message = document.querySelector(`${row}[data-found]`);
    return message?.innerText.includes("message 41") && message.getAnimations().length > 0;
  }, row));
  await isInTheMiddle(anna, 41);
  assert.equal(await anna.tab.path(), address);
  await until("the mark goes", async () => (await anna.tab.attribute(row, "data-found")) === null);

  await anna.tab.click(id("jump-latest"));
  await anna.sees("message 1000");
  assert.equal(await anna.tab.path(), `/r/${ROOM}`);
});
