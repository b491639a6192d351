import assert from "node:assert/strict";

import { hoverTop } from "../harness/tall_row.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const LONG = "長".repeat(3_900);

story("lists that do not fit into one answer are read on: pins, earlier texts, who reacted", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  for (let number = 1; number <= 12; number += 1) {
    await bert.post("general", `pinned ${number} ${LONG}`);
    await bert.ask({ type: "pin_message", room: "general", target: number * 2 - 1 });
  }
  const { seq } = await bert.post("general", "text 0");
  for (let number = 1; number <= 9; number += 1) {
    await bert.ask({ type: "edit_message", room: "general", target: seq, content: `text ${number} ${LONG}` });
  }
  // With 20 kinds of reactions a message lists five people for each.
  const people = [];
  for (let number = 1; number <= 8; number += 1) people.push(await stage.wire(`Guest ${number}`));
  const kinds = Array.from({ length: 20 }, (_, kind) => String.fromCodePoint(0x1f600 + kind));
  for (const emoji of kinds) {
    for (const person of people) await person.ask({ type: "add_reaction", room: "general", target: seq, emoji });
  }

  const { page } = await stage.enter("Anna");
  await page.getByTestId("pins-open").click();
  const cards = page.getByTestId("card");
  await until("the newest pins are there", async () => /pinned 12 /.test((await cards.allInnerTexts())[0] ?? ""));
  assert.ok((await cards.count()) < 12, "not all at once");
  while ((await cards.count()) < 12) {
    const before = await cards.count();
    await page.locator("#details").getByRole("button", { name: "Show more" }).click();
    await until("further pins are there", async () => (await cards.count()) > before);
  }
  const pins = (await cards.allInnerTexts()).map((text) => Number(text.match(/pinned (\d+) /)[1]));
  assert.deepEqual(pins, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.getByTestId("details-close").click();

  const message = page.getByTestId("message").last();
  const chip = message.getByTestId("reaction").first();
  await chip.hover();
  await until("everybody is named", async () => /Guest 8/.test(await chip.locator(".heard").textContent()));

  await hoverTop(message);
  await message.getByTestId("tool-more").click();
  await page.getByTestId("menu-versions").click();
  const versions = page.getByTestId("version");
  await until("the present text is there", async () => /text 9 /.test((await versions.allInnerTexts())[0] ?? ""));
  while ((await versions.count()) < 10) {
    const before = await versions.count();
    await page.locator("ol.versions").getByRole("button", { name: "Show more" }).click();
    await until("earlier texts are there", async () => (await versions.count()) > before);
  }
  const texts = (await versions.allInnerTexts()).map((text) => Number(text.match(/text (\d)/)[1]));
  assert.deepEqual(texts, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});
