import assert from "node:assert/strict";

import { story } from "../harness/story.js";

story("a taken name is no obstacle: one gets another and is told so", {}, async (stage) => {
  await stage.enter("Aiko");
  const second = await stage.enter("Aiko");
  await second.notice.filter({ hasText: "Aiko-2" }).waitFor();
  await second.say("Which one am I?");
  await second.allSent();
  assert.match(await second.page.getByTestId("message-author").first().innerText(), /Aiko-2/);
});

story("from opening the page to the first message sent in three interactions", {}, async (stage) => {
  const context = await stage.context();
  const page = await context.newPage();
  await page.goto(stage.url);
  const focused = () => page.evaluate(() => document.activeElement?.dataset.testid);
  await page.getByTestId("name-input").waitFor();
  assert.equal(await focused(), "name-input", "one can type the name at once");
  await page.keyboard.type("Anna");
  await page.keyboard.press("Enter");
  await page.getByTestId("composer").waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "composer");
  await page.keyboard.type("Hello everybody");
  await page.keyboard.press("Enter");
  await page.getByTestId("message-text").getByText("Hello everybody").waitFor();
});
