import assert from "node:assert/strict";

import { meddle } from "../harness/meddler.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/**
 * Messages and when they are written. In Tokyo it is nine hours later; in New York five hours earlier, and four before the
 * first of November.
 */
const WRITTEN = {
  "still summer": "2026-10-25T04:30:00.000Z",
  "lunch on Monday": "2026-11-23T03:00:00.000Z",
  "a minute before midnight in Tokyo": "2026-11-23T14:59:00.000Z",
  "a minute after it": "2026-11-23T15:01:00.000Z",
  "a minute before midnight in New York": "2026-11-24T04:59:00.000Z",
  "a minute after that": "2026-11-24T05:01:00.000Z",
  "almost a day later": "2026-11-25T04:59:30.000Z",
};
const TEXTS = Object.keys(WRITTEN);
const [SUMMER, LUNCH, BEFORE_TOKYO, AFTER_TOKYO, BEFORE_NEW_YORK, AFTER_NEW_YORK, LATER] = TEXTS;
const NEXT = "good night";

/** Ten seconds before New York's midnight, and soon after it. */
const NOW = "2026-11-25T04:59:50.000Z";
const SOON = "2026-11-25T05:00:05.000Z";

/** Runs in the page: its clock shows `at` now and goes on from there. Timers stay the browser's. */
const setClock = (at) => {
  const Real = window.RealDate ?? Date;
  const ahead = Date.parse(at) - Real.now();
  window.RealDate = Real;
  window.Date = class extends Real {
    constructor(...values) {
      super(...(values.length > 0 ? values : [Real.now() + ahead]));
    }
    static now() {
      return Real.now() + ahead;
    }
  };
};

/** Gives each message its time on the way to the page: that of the server cannot be chosen. */
const timed = (frame) =>
  JSON.parse(JSON.stringify(frame), (_, value) => {
    const at = value?.content === NEXT ? SOON : WRITTEN[value?.content];
    return at ? { ...value, timestamp: at } : value;
  });

async function arrive(stage, name, options) {
  const context = await stage.context(options);
  await context.addInitScript(setClock, NOW);
  await meddle(context, { toPage: timed });
  const person = await stage.enter(name, { context });
  await person.sees(...TEXTS);
  return person;
}

/** Returns the day lines with the texts below each. */
const days = (person) =>
  person.timeline.evaluate((view) => {
    const days = [];
    for (const element of view.querySelectorAll('.day, [data-testid="message-text"]')) {
      if (element.className === "day") days.push([element.innerText]);
      else days.at(-1)?.push(element.innerText);
    }
    return days;
  });

const seesDays = (person, expected) =>
  until(`these are the days: ${JSON.stringify(expected)}`, async () => JSON.stringify(await days(person)) === JSON.stringify(expected), {
    state: () => days(person),
  });

/** Returns what is written of the time of each message: the time, the full date and time, and the moment. */
async function times(person) {
  const rows = await person.messages.all();
  const all = rows.map(async (row) => {
    const element = row.locator("time");
    return [await element.innerText(), await element.getAttribute("title"), await element.getAttribute("datetime")];
  });
  return Promise.all(all);
}

story("the same messages are on different days in Tokyo and in New York, and midnight moves “today”", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  for (const text of TEXTS) await bert.post("general", text);
  const hana = await arrive(stage, "はな", { locale: "ja-JP", timezoneId: "Asia/Tokyo" });
  const anna = await arrive(stage, "Anna", { locale: "en-US", timezoneId: "America/New_York" });

  const tokyo = [
    ["2026年10月25日(日)", SUMMER],
    ["2026年11月23日(月)", LUNCH, BEFORE_TOKYO],
    ["昨日", AFTER_TOKYO, BEFORE_NEW_YORK, AFTER_NEW_YORK],
    ["今日", LATER],
  ];
  await seesDays(hana, tokyo);
  const [summer, sunday] = [["Sun, 25 Oct 2026", SUMMER], ["Sun, 22 Nov 2026", LUNCH]];
  const [monday, tuesday] = [[BEFORE_TOKYO, AFTER_TOKYO, BEFORE_NEW_YORK], [AFTER_NEW_YORK, LATER]];
  await seesDays(anna, [summer, sunday, ["Yesterday", ...monday], ["Today", ...tuesday]]);

  const [inTokyo, inNewYork] = [await times(hana), await times(anna)];
  assert.deepEqual(inTokyo.map(([time]) => time), ["13:30", "12:00", "23:59", "0:01", "13:59", "14:01", "13:59"]);
  assert.deepEqual(inNewYork.map(([time]) => time), ["0:30", "22:00", "9:59", "10:01", "23:59", "0:01", "23:59"]);
  assert.match(inTokyo[1][1], /^2026年11月23日月曜日 12:00$/);
  assert.match(inNewYork[1][1], /^Sunday,? 22 November 2026 at 22:00$/);
  for (const there of [inTokyo, inNewYork]) {
    assert.deepEqual(there.map(([, , moment]) => moment), Object.values(WRITTEN));
    for (const [time, full] of there) assert.match(full, new RegExp(` 0?${time}$`));
  }

  for (const person of [hana, anna]) await person.page.evaluate(setClock, SOON);
  const gone = ["Mon, 23 Nov 2026", ...monday];
  await seesDays(anna, [summer, sunday, gone, ["Yesterday", ...tuesday]]);
  await anna.say(NEXT);
  await anna.allSent();
  await seesDays(anna, [summer, sunday, gone, ["Yesterday", ...tuesday], ["Today", NEXT]]);
  await seesDays(hana, [...tokyo.slice(0, 3), ["今日", LATER, NEXT]]);

  await anna.switchLanguage("ja");
  await seesDays(anna, [
    ["2026年10月25日(日)", SUMMER],
    ["2026年11月22日(日)", LUNCH],
    ["2026年11月23日(月)", ...monday],
    ["昨日", ...tuesday],
    ["今日", NEXT],
  ]);
});

story("a message that is found has its day and time in the reader's time zone and language", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  for (const text of TEXTS) await bert.post("general", text);
  await bert.finds("lunch");
  const written = {
    "Asia/Tokyo": ["ja-JP", "2026/11/23 12:00", /^2026年11月23日月曜日 12:00$/],
    "America/New_York": ["en-US", "22 Nov 2026, 22:00", /^Sunday,? 22 November 2026 at 22:00$/],
  };
  for (const [timezoneId, [locale, short, full]] of Object.entries(written)) {
    const person = await arrive(stage, `Reader ${locale}`, { locale, timezoneId });
    const field = person.page.locator('input[data-testid="search-input"]:visible');
    await field.fill("lunch");
    await field.press("Enter");
    const time = person.page.getByTestId("card").locator("time");
    await time.waitFor();
    assert.equal(await time.innerText(), short);
    assert.match(await time.getAttribute("title"), full);
    assert.equal(await time.getAttribute("datetime"), WRITTEN[LUNCH]);
  }
});
