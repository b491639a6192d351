import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("three tabs all receive every message in the same order", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const context = await stage.context();
  const tabs = [];
  for (const name of ["Aiko", "Ben", "Chika"]) tabs.push(await stage.enter(name, { context }));

  // All three post at once, so that their messages interleave.
  const rounds = 8;
  await Promise.all(
    tabs.map(async (tab, who) => {
      for (let round = 0; round < rounds; round += 1) await tab.say(`${who}: ${round}`);
    }),
  );

  const expected = tabs.length * rounds;
  for (const tab of tabs) {
    await until("every message is there", async () => (await tab.messages.count()) === expected, { state: () => tab.texts() });
    await tab.allSent();
  }
  const orders = await Promise.all(tabs.map((tab) => tab.texts()));
  assert.deepEqual(orders[1], orders[0]);
  assert.deepEqual(orders[2], orders[0]);
  assert.equal(new Set(orders[0]).size, expected, "a message is there twice");
  for (let who = 0; who < tabs.length; who += 1) {
    const own = orders[0].filter((text) => text.startsWith(`${who}:`));
    assert.deepEqual(own, [...Array(rounds).keys()].map((round) => `${who}: ${round}`), "an author's order changed");
  }
});
