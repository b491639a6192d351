import assert from "node:assert/strict";

import { driftWhileLoading } from "../harness/reading.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("older messages load above without moving the row being read", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  const total = 230;
  for (let number = 1; number <= total; number += 1) {
    const lines = number % 7 === 0 ? "\n二行目です\nand a third line" : "";
    await bert.post("general", `message ${number}${lines}`);
  }
  const anna = await stage.enter("Anna");
  await until("the newest is there", async () => (await anna.texts()).at(-1)?.startsWith(`message ${total}`));

  for (;;) {
    const oldest = Number(await anna.messages.first().getAttribute("data-seq"));
    if ((await anna.texts())[0] === "message 1") break;
    const moved = await anna.page.evaluate(driftWhileLoading);
    const now = Number(await anna.messages.first().getAttribute("data-seq"));
    assert.ok(now < oldest, `nothing older than seq ${oldest} was loaded`);
    assert.ok(moved < 2, `the row moved by ${moved} px`);
  }
  const numbers = (await anna.texts()).map((text) => Number(text.match(/^message (\d+)/)[1]));
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
  assert.equal(new Set(numbers).size, numbers.length);
});

story("a reader further up is not moved by a new message, and can jump to it", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  for (let number = 1; number <= 45; number += 1) await bert.post("general", `message ${number}`);
  const anna = await stage.enter("Anna");
  const row = anna.page.getByTestId("message-text").filter({ hasText: /^message 5$/ });
  await row.waitFor();
  const top = await row.evaluate((element) => {
    element.scrollIntoView({ block: "start", behavior: "instant" });
    return element.getBoundingClientRect().top;
  });

  await bert.post("general", "news");
  const jump = anna.page.getByTestId("jump-latest");
  await jump.waitFor();
  const now = await row.evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(Math.abs(now - top) < 2, `the row moved by ${Math.abs(now - top)} px`);

  await jump.click();
  const news = anna.messages.filter({ hasText: "news" });
  await until("the new message is on screen", () => news.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }));
  await jump.waitFor({ state: "hidden" });
});
