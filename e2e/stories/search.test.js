import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };

const LINES = [
  "上海へ出張します",
  "それは可能です",
  "具体情況を教えてください",
  "東京タワーに行きました",
  "서울에서 만나요",
  "明日は雨らしい",
  "会議は三時からです",
  "テストに合格しました",
  "I like Rust and running",
  "I run every day",
];

/** Queries, and the lines that each finds, newest first. */
const FINDS = [
  ["上海", [0]],
  ["可能", [1]],
  ["具体情況", [2]],
  ["東京 タワー", [3]],
  ["京タワ", [3]],
  ["서울", [4]],
  ["雨", [5]],
  ["会議", [6]],
  ["ﾃｽﾄ", [7]],
  ["Ｒｕｓｔ", [8]],
  ["running", [8]],
  ["run*", [9, 8]],
  ["RUN", [9]],
  ["会議 雨", []],
];

/** Returns the search field that this screen shows. */
const field = (person) => person.page.locator('input[data-testid="search-input"]:visible');
const cards = (person) => person.page.getByTestId("search-results").getByTestId("card");

async function search(person, query) {
  await field(person).fill(query);
  await field(person).press("Enter");
}

/** Returns the texts of the cards, without their header and button. */
const found = (person) => cards(person).locator(".card-text").allInnerTexts();

story("words of every script are found, and nothing else", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  for (const line of LINES) await bert.post("general", line);
  const anna = await stage.enter("Anna");
  await anna.sees(LINES.at(-1));
  await anna.page.keyboard.press("ControlOrMeta+Shift+F");
  await until("the field has the focus", () => field(anna).evaluate((input) => input === document.activeElement));
  await anna.page.getByText("has:link").waitFor();
  for (const [query, lines] of FINDS) {
    await search(anna, query);
    const expected = lines.map((line) => LINES[line]);
    await until(`“${query}” finds what it should`, async () => JSON.stringify(await found(anna)) === JSON.stringify(expected), {
      state: () => found(anna),
    });
  }
  await search(anna, "東京 タワー");
  const marks = anna.page.getByTestId("search-results").locator("mark");
  await until("the hits are marked", async () => (await marks.allInnerTexts()).join("") === "東京タワー");
  await search(anna, "会議 雨");
  await anna.page.getByText("Nothing was found for “会議 雨”").waitFor();
});

story("what is found far in the past, also in a room that one is not in, is turned to", FAST, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: ["図書室"] });
  await bert.post("図書室", "鍵は机の引き出しにあります");
  await bert.fill("図書室", 500);
  const anna = await stage.enter("Anna");
  await anna.page.locator("body").click({ position: { x: 5, y: 400 } });
  await anna.page.keyboard.press("/");
  await until("the field has the focus", () => field(anna).evaluate((input) => input === document.activeElement));
  await search(anna, "鍵");
  await until("one is found", async () => (await cards(anna).count()) === 1);
  assert.equal(await cards(anna).getAttribute("data-room"), "図書室");
  await cards(anna).getByTestId("card-go").press("Enter");
  const row = anna.messages.filter({ hasText: "引き出し" });
  await row.waitFor();
  await until("it is on screen", () => row.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }));
  assert.equal(await anna.openRoom(), "図書室");

  await bert.ask({ type: "delete_message", room: "図書室", target: 1 });
  await until("what is deleted is found no longer", async () => (await cards(anna).count()) === 0);
});

story("many hits come page by page, and a mistake is told in words", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 120, (number) => `報告書 ${number}`);
  const anna = await stage.enter("Anna", { locale: "ja-JP" });
  await anna.messages.first().waitFor();
  await search(anna, "報告書");
  await until("the first page is there", async () => (await cards(anna).count()) >= 20);
  await until("all are there", async () => {
    await anna.page.getByTestId("search-results").evaluate((list) => (list.scrollTop = list.scrollHeight));
    return (await cards(anna).count()) === 120;
  });
  const numbers = (await found(anna)).map((text) => Number(text.match(/\d+/)[0]));
  assert.deepEqual(numbers, Array.from({ length: 120 }, (_, index) => 120 - index), "newest first, each once");

  for (const [query, words] of [["after:明日", "日付は"], ["has:時間", "has:"], ["a*", "2文字以上"], ["…", "検索する語"]]) {
    await search(anna, query);
    await until(`“${query}” is explained`, async () => {
      const problem = anna.page.getByTestId("search-problem");
      return (await problem.count()) === 1 && (await problem.innerText()).includes(words);
    });
  }
});

story("on a telephone the search is a screen of its own, and Back closes it first", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "傘を忘れずに");
  const anna = await stage.enter("Anna", { viewport: { width: 390, height: 844 }, hasTouch: true });
  await anna.sees("傘を忘れずに");
  await anna.page.getByTestId("search-open").click();
  const panel = anna.page.getByTestId("details");
  await until("the panel covers the screen", () => panel.evaluate((element) => {
    const { left, width } = element.getBoundingClientRect();
    return left === 0 && width === innerWidth;
  }));
  await search(anna, "傘");
  await until("it is found", async () => (await cards(anna).count()) === 1);
  await anna.page.goBack();
  await panel.waitFor({ state: "hidden" });
  assert.equal(new URL(anna.page.url()).pathname, "/r/general");

  await anna.page.getByTestId("search-open").click();
  await cards(anna).getByTestId("card-go").click();
  await panel.waitFor({ state: "hidden" });
  await anna.messages.filter({ hasText: "傘" }).waitFor();
  assert.equal(new URL(anna.page.url()).pathname, "/r/general/m/1");
});
