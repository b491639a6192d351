import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** Records what is added to the region, which is what a screen reader reads out. */
const listen = (person) =>
  person.page.getByTestId("announcer").evaluate((region) => {
    window.heard = [];
    const added = (records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) if (node.textContent) window.heard.push(node.textContent);
      }
    };
    new MutationObserver(added).observe(region, { childList: true, subtree: true });
  });

const heard = (person) => person.page.evaluate(() => window.heard);

const hears = (person, ...expected) =>
  until(`${expected} is read out`, async () => JSON.stringify(await heard(person)) === JSON.stringify(expected), {
    state: () => heard(person),
  });

story("every new message is read out, the same words again as well, and nothing that is loaded", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 120);
  const anna = await stage.enter("Anna");
  await anna.sees("message 120");
  await listen(anna);
  await bert.post("general", "Lunch?");
  await hears(anna, "Bert: Lunch?");
  await bert.post("general", "Lunch?");
  await hears(anna, "Bert: Lunch?", "Bert: Lunch?");
  await anna.say("Yes");
  await anna.sees("Yes");
  await anna.timeline.evaluate((view) => (view.scrollTop = 0));
  await anna.message("message 20").waitFor({ state: "attached" });
  assert.deepEqual(await heard(anna), ["Bert: Lunch?", "Bert: Lunch?"]);
});

story("new messages are read out while the page shows an old part of the room", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 900);
  const anna = await stage.enter("Anna", { path: "/r/general/m/5" });
  await anna.message("message 5").waitFor();
  assert.equal(await anna.message("message 900").count(), 0, "the end is far away");
  await listen(anna);
  await bert.post("general", "Fire drill now");
  await hears(anna, "Bert: Fire drill now");
});
