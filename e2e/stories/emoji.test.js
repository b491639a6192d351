import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };

async function openPicker(person, text) {
  await person.message(text).hover();
  await person.message(text).getByTestId("tool-react").click();
  await person.page.getByTestId("emoji-tab").first().waitFor();
}

const focused = (person) => person.page.evaluate(() => document.activeElement?.dataset.emoji ?? document.activeElement?.dataset.testid);
const reaction = (person, emoji) => person.page.locator(`[data-testid="reaction"][data-emoji="${emoji}"]`);

story("emoji are found by group, by search in both languages, and by keys alone", FAST, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("hello");
  await openPicker(anna, "hello");
  const { page } = anna;
  const shown = page.getByTestId("emoji");
  await until("the box has the focus", async () => (await focused(anna)) === "emoji-search");
  await page.keyboard.type("笑");
  await until("laughing faces are found", async () => (await shown.first().getAttribute("data-emoji")) !== "👍");
  assert.equal(await page.getByTestId("emoji-tab").first().isVisible(), false, "a search goes through all groups");
  await page.getByTestId("emoji-search").fill("sushi");
  await until("sushi is found", async () => (await shown.first().getAttribute("data-emoji")) === "🍣");
  await page.getByTestId("emoji-search").fill("no such thing");
  await page.getByText("No emoji is called that.").waitFor();
  await page.getByTestId("emoji-search").fill("");

  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await until("the tabs are reached", async () => (await focused(anna)) === "emoji-tab");
  await page.keyboard.press("ArrowRight");
  await until("the next group is shown", async () => (await shown.first().getAttribute("data-emoji")) === "👋");
  const tab = page.getByRole("tab", { name: "People and body" });
  assert.equal(await tab.getAttribute("aria-selected"), "true");
  await page.keyboard.press("End");
  await until("the flags are shown", async () => (await page.locator('[data-testid="emoji"][data-emoji="🇯🇵"]').count()) === 1);
  await page.keyboard.press("Home");
  await page.getByText("Often used").waitFor();

  await page.getByTestId("emoji-search").focus();
  await page.keyboard.press("ArrowDown");
  await until("the first one has the focus", async () => (await focused(anna)) === "👍");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(anna), "🙏");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(anna), "emoji-search");
  await page.keyboard.press("Escape");
  await page.getByTestId("emoji-picker").waitFor({ state: "hidden" });
});

story("a skin tone is chosen once, for the picker and for what is completed, also after a reload", FAST, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("hello");
  await openPicker(anna, "hello");
  await anna.page.getByTestId("emoji-tone").selectOption("🏽");
  await anna.page.getByTestId("emoji-search").fill("waving");
  await until("it has the tone", async () => (await anna.page.getByTestId("emoji").first().getAttribute("data-emoji")) === "👋🏽");
  await anna.page.keyboard.press("Enter");
  await reaction(anna, "👋🏽").waitFor();

  await anna.page.reload();
  await reaction(anna, "👋🏽").waitFor();
  await anna.composer.pressSequentially(":waving");
  await anna.page.getByRole("option", { name: /waving hand/ }).first().waitFor();
  await anna.page.keyboard.press("Enter");
  await until("it has the tone", async () => (await anna.composer.inputValue()).startsWith("👋🏽"));
  await anna.page.keyboard.press("Enter");
  const large = anna.messages.last().getByTestId("message-text");
  await until("an emoji alone is large", async () => (await large.evaluate((text) => getComputedStyle(text).fontSize)) === "32px");
});

story("emoji that could not be fetched are fetched again on demand", { ...FAST, offline: true }, async (stage) => {
  const context = await stage.context();
  let gone = true;
  await context.route("**/emoji.json", (route) => (gone ? route.abort() : route.continue()));
  const anna = await stage.enter("Anna", { context });
  await anna.say("hello");
  await anna.message("hello").hover();
  await anna.message("hello").getByTestId("tool-react").click();
  const again = anna.page.getByTestId("emoji-picker").getByTestId("listing-again");
  await again.waitFor();
  gone = false;
  await again.click();
  await anna.page.getByTestId("emoji-tab").first().waitFor();
});
