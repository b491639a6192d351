import assert from "node:assert/strict";

import { hold } from "../harness/conversation.js";
import { latinWords } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** Names of people, rooms and keys, the product, and the language's name for itself. */
const KNOWN = ["Aiko", "Ben", "Diego", "Anna", "general", "design", "release", "Hiroba", "English", "Enter", "Shift", "Ctrl"];

story("no English is left on the Japanese screens", { flags: ["--rate-limits", "off"] }, async (stage) => {
  await hold(stage);
  const context = await stage.context({ locale: "ja-JP" });
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.getByTestId("name-input").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "ja");
  assert.deepEqual(await latinWords(page, KNOWN), [], "the name page");
  await page.close();

  const anna = await stage.enter("Anna", { context });
  await anna.messages.first().waitFor();
  assert.deepEqual(await latinWords(anna.page, KNOWN), [], "the conversation");
  await anna.openSettings();
  assert.deepEqual(await latinWords(anna.page, KNOWN), [], "the settings");
});

story("the language is switched without a reload, and remembered", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("Still here");
  await anna.composer.fill("a draft");
  await anna.page.evaluate(() => (window.notReloaded = true));
  assert.equal(await anna.page.locator("html").getAttribute("lang"), "en");

  await anna.switchLanguage("ja");
  const lang = () => anna.page.locator("html").getAttribute("lang");
  await until("the page is Japanese", async () => (await lang()) === "ja");
  assert.equal(await anna.page.evaluate(() => window.notReloaded), true);
  assert.equal(await anna.composer.inputValue(), "a draft");
  await anna.sees("Still here");

  await anna.page.reload();
  await anna.composer.waitFor();
  assert.equal(await lang(), "ja");
});

story("dark and light can be chosen, and the choice is there before the first paint of the next visit", {}, async (stage) => {
  const anna = await stage.enter("Anna", { colorScheme: "light" });
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background(anna.page);
  await anna.chooseTheme("dark");
  await until("the page is dark", async () => (await background(anna.page)) !== light);
  const dark = await background(anna.page);

  await anna.page.reload({ waitUntil: "domcontentloaded" });
  assert.equal(await background(anna.page), dark);
});
