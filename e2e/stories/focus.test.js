import assert from "node:assert/strict";

import { meddle } from "../harness/meddler.js";
import { turns } from "../harness/page_end.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** Returns a name for what has the focus. */
const focused = (person) =>
  person.page.evaluate(() => {
    const { activeElement: element } = document;
    if (!element || element === document.body) return "nothing";
    return element.id || element.dataset.testid || element.getAttribute("role") || element.className || element.tagName;
  });

/** Presses a button with the keyboard and waits until what `expected` names has the focus. */
async function pressed(person, button, expected) {
  await button.focus();
  await person.page.keyboard.press("Enter");
  await lands(person, expected);
}

async function lands(person, ...expected) {
  await until(`${expected} has the focus`, async () => expected.includes(await focused(person)), { state: () => focused(person) });
}

story("jumping to the latest and dismissing a notice leave the focus on the page", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 80);
  const anna = await stage.enter("Anna");
  await anna.sees("message 80");
  const jump = anna.page.getByTestId("jump-latest");
  await anna.timeline.evaluate((view) => (view.scrollTop = 0));
  await jump.waitFor();
  await jump.focus();
  await anna.page.keyboard.press("Enter");
  await jump.waitFor({ state: "detached" });
  await lands(anna, "log");

  for (const text of ["message 79", "message 80"]) {
    await anna.message(text).hover();
    await anna.message(text).getByTestId("tool-more").click();
    await anna.page.getByTestId(text.endsWith("79") ? "menu-copy-link" : "menu-copy-text").click();
  }
  await until("both notices are there", async () => (await anna.notice.count()) === 2);
  await pressed(anna, anna.notice.last().getByRole("button"), "notice-dismiss");
  assert.equal(await anna.notice.count(), 1, "the other notice has it");
  await anna.page.keyboard.press("Enter");
  await lands(anna, "composer");
});

story("leaving a room leads the focus to the next one, and at last to the way back", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  const leave = async () => {
    await anna.page.getByTestId("room-menu-open").focus();
    await anna.page.keyboard.press("Enter");
    await lands(anna, "room-details-open");
    await anna.page.keyboard.press("End");
    await anna.page.keyboard.press("Enter");
  };
  await leave();
  await until("general is open", async () => (await anna.openRoom()) === "general");
  await lands(anna, "composer");
  await leave();
  await lands(anna, "go-general");
  await anna.page.keyboard.press("Enter");
  await lands(anna, "composer");
});

story("who is quicker in a menu than the next frame stays at the item they went to", {}, async (stage) => {
  const context = await stage.context();
  await context.addInitScript(() => {
    const { requestAnimationFrame } = window;
    window.framesDue = 0;
    window.requestAnimationFrame = (callback) => {
      window.framesDue += 1;
      const frame = (time) => {
        callback(time);
        window.framesDue -= 1;
      };
      return setTimeout(() => requestAnimationFrame(frame), window.frameDelay ?? 0);
    };
  });
  const anna = await stage.enter("Anna", { context });
  await anna.whole();
  const opener = anna.page.getByTestId("room-menu-open");
  // The first time, its code is fetched.
  await pressed(anna, opener, "room-details-open");
  await anna.page.keyboard.press("Escape");
  await lands(anna, "room-menu-open");
  await anna.page.evaluate(() => (window.frameDelay = 400));
  await pressed(anna, opener, "room-details-open");
  await anna.page.keyboard.press("End");
  assert.equal(await focused(anna), "leave-room");
  await until("the late frames are over", () => anna.page.evaluate(() => window.framesDue === 0));
  assert.equal(await focused(anna), "leave-room");
});

story("a message that is tried again has the focus, and the list when it is discarded", {}, async (stage) => {
  const context = await stage.context();
  await meddle(context, {
    toServer(frame, say) {
      if (frame.type !== "chat" || !frame.content.startsWith("refused")) return frame;
      const { id, room, client_message_id } = frame;
      const timestamp = new Date().toISOString();
      say({ type: "error", id, room, client_message_id, timestamp, code: "forbidden", message: "not today" });
      return undefined;
    },
  });
  const anna = await stage.enter("Anna", { context });
  await anna.say("refused");
  const row = anna.message("refused");
  const failed = anna.page.locator('[data-testid="message"][data-failed="true"]');
  await failed.waitFor();
  await pressed(anna, row.getByRole("button", { name: "Try again" }), "message");
  await failed.waitFor();
  await row.getByRole("button", { name: "Discard" }).focus();
  await anna.page.keyboard.press("Enter");
  await row.waitFor({ state: "detached" });
  await lands(anna, "log");
});

story("who clicks beside everything is left alone", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.page.locator(".brand").click();
  assert.equal(await focused(anna), "nothing");
  await bert.post("general", "hello");
  await anna.sees("hello");
  assert.equal(await focused(anna), "nothing");
});

story("a menu that closes does not take the focus from where one is by then", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("hello");
  await anna.sees("hello");
  await anna.page.getByTestId("room-menu-open").focus();
  await anna.page.keyboard.press("Enter");
  await lands(anna, "room-details-open");
  await anna.page.evaluate(() => {
    const menu = document.querySelector('[data-testid="room-menu"]');
    // Somebody who is quicker than the page.
    const closed = () => document.getElementById("composer").focus();
    new MutationObserver(closed).observe(menu, { attributes: true, attributeFilter: ["open"] });
  });
  await anna.page.keyboard.press("Escape");
  await anna.page.getByTestId("room-menu").waitFor({ state: "hidden" });
  await turns(anna.page);
  assert.equal(await focused(anna), "composer");
});

for (const reducedMotion of ["no-preference", "reduce"]) {
  story(`drawers take the focus and give it back (motion: ${reducedMotion})`, {}, async (stage) => {
    const anna = await stage.enter("Anna", { viewport: { width: 700, height: 900 }, reducedMotion });
    const within = (pane) => anna.page.evaluate((pane) => document.querySelector(pane).contains(document.activeElement), pane);
    const opened = async (opener, pane, first, next = "Tab") => {
      await anna.page.getByTestId(opener).focus();
      await anna.page.keyboard.press("Enter");
      await until(`${first} has the focus`, async () => (await focused(anna)).includes(first), { state: () => focused(anna) });
      await anna.page.keyboard.press(next);
      assert.ok(await within(pane), `Tab goes on in ${pane} from ${opener}: ${await focused(anna)}`);
      await anna.page.keyboard.press("Escape");
      await lands(anna, opener);
    };
    await opened("drawer-open", "#rooms", "drawer-close");
    await opened("members-open", "#details", "details-close");
    await opened("search-open", "#details", "search-input", "Shift+Tab");
  });
}
