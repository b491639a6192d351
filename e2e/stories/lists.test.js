import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** Counts how often the page writes a number, sorts, and creates a formatter. */
const count = () => {
  window.counted = { written: 0, made: 0 };
  for (const name of ["NumberFormat", "DateTimeFormat"]) {
    const Real = Intl[name];
    Intl[name] = new Proxy(Real, {
      construct(target, values) {
        window.counted.made += 1;
        return new target(...values);
      },
    });
    const { get } = Object.getOwnPropertyDescriptor(Real.prototype, "format");
    Object.defineProperty(Real.prototype, "format", {
      configurable: true,
      get() {
        const format = get.call(this);
        return (...values) => {
          window.counted.written += 1;
          return format(...values);
        };
      },
    });
  }
};

story("who joins a room writes one number anew, not those of all rooms", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const rooms = Array.from({ length: 40 }, (_, number) => `room ${number}`);
  const bert = await stage.wire("Bert", { rooms: ["general", ...rooms] });
  const context = await stage.context();
  await context.addInitScript(count);
  const anna = await stage.enter("Anna", { context });
  await until("every room is listed", async () => (await anna.page.getByTestId("room-item").count()) === 41, {
    state: () => anna.page.getByTestId("room-item").count(),
  });
  const made = await anna.page.evaluate(() => window.counted.made);
  assert.ok(made <= 6, `${made} formatters were made`);

  const carl = await stage.wire("Carl", { rooms: [] });
  const before = await anna.page.evaluate(() => window.counted.written);
  await carl.join("room 7");
  await until("it is told", async () => (await anna.room("room 7").innerText()).includes("2 people"));
  const written = (await anna.page.evaluate(() => window.counted.written)) - before;
  assert.ok(written <= 2, `${written} numbers were written`);
  bert.close();
});

story("times and days follow the time zone of the person", {}, async (stage) => {
  const anna = await stage.enter("Anna", { timezoneId: undefined });
  const devtools = await anna.page.context().newCDPSession(anna.page);
  const zone = (timezoneId) => devtools.send("Emulation.setTimezoneOverride", { timezoneId });
  const written = (timeZone, at) => new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", minute: "2-digit" }).format(at);
  await zone("Asia/Tokyo");
  await anna.say("What time is it?");
  await anna.allSent();
  const time = anna.messages.last().locator("time");
  const at = new Date(await time.getAttribute("datetime"));
  await until("it is Tokyo's time", async () => (await time.innerText()) === written("Asia/Tokyo", at), { state: () => time.innerText() });
  await zone("America/New_York");
  await until("it is New York's time", async () => (await time.innerText()) === written("America/New_York", at), { state: () => time.innerText() });
});
