import assert from "node:assert/strict";

import { turns } from "../harness/page_end.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const path = (person) => new URL(person.page.url()).pathname;
const scrolled = (person) => person.timeline.evaluate((view) => view.scrollTop);

/** Waits until the view no longer scrolls; returns its position. */
async function still(person) {
  let before;
  await until("the view is still", async () => {
    await turns(person.page);
    const now = await scrolled(person);
    const same = now === before;
    before = now;
    return same;
  });
  return before;
}

for (const [screen, options] of [["wide", {}], ["phone", PHONE]]) {
  story(`closing any layer leaves the reader where they are, though they came for a message: ${screen}`, FAST, async (stage) => {
    const bert = await stage.wire("Bert");
    await bert.fill("general", 500);
    const anna = await stage.enter("Anna", { path: "/r/general/m/60", ...options });
    const { page } = anna;
    await anna.message("message 60").waitFor();
    const closings = {
      settings: [() => anna.openSettings(), () => page.getByTestId("settings-close").click()],
      "settings with Escape": [() => anna.openSettings(), () => page.keyboard.press("Escape")],
    };
    if (screen === "phone") {
      closings.rooms = [() => page.getByTestId("drawer-open").click(), () => page.getByTestId("drawer-close").click()];
      closings["rooms with Back"] = [() => page.getByTestId("drawer-open").click(), () => page.goBack()];
      closings.members = [() => page.getByTestId("members-open").click(), () => page.getByTestId("details-close").click()];
      closings.search = [() => page.getByTestId("search-open").click(), () => page.keyboard.press("Escape")];
    }
    await anna.timeline.evaluate((view) => (view.scrollTop += 600));
    for (const [layer, [open, close]] of Object.entries(closings)) {
      const before = await still(anna);
      await open();
      await close();
      await until(`${layer} is closed`, () => page.evaluate(() => history.state !== "layer"));
      const after = await still(anna);
      assert.ok(Math.abs(after - before) < 2, `after ${layer} the view went from ${before} to ${after}`);
      assert.equal(path(anna), "/r/general/m/60");
    }
  });
}

story("Back from the first room stays in the page, and the next room is a step further", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.page.goBack();
  await until("the address is that of the list", () => path(anna) === "/");
  assert.equal(await anna.openRoom(), "general");
  await anna.join("kitchen");
  await until("the address is the kitchen's", () => path(anna) === "/r/kitchen");
  await anna.page.goBack();
  await until("the address is that of the list", () => path(anna) === "/");
  await anna.say("still here");
  await until("the address is the room's again", () => path(anna) === "/r/kitchen");
});

story("on a telephone Back leads from a room to the list of rooms, and choosing one goes on from there", {}, async (stage) => {
  const anna = await stage.enter("Anna", { ...PHONE, path: "/r/kitchen" });
  const drawer = anna.room("kitchen");
  await drawer.waitFor({ state: "hidden" });
  await anna.page.goBack();
  await drawer.waitFor();
  await anna.page.getByTestId("drawer-close").click();
  await drawer.waitFor({ state: "hidden" });
  assert.equal(path(anna), "/r/kitchen");

  await anna.page.goBack();
  await drawer.getByRole("link").click();
  await drawer.waitFor({ state: "hidden" });
  assert.equal(path(anna), "/r/kitchen", "the same room again");

  await anna.page.goBack();
  await anna.page.getByTestId("settings-open").click();
  await anna.page.getByTestId("settings-close").click();
  await drawer.waitFor();
  await anna.page.getByTestId("new-room-open").click();
  await anna.page.getByTestId("new-room-input").fill("garden");
  await anna.page.getByTestId("new-room-submit").click();
  await until("the address is the garden's", () => path(anna) === "/r/garden");
  await anna.page.reload();
  await anna.composer.waitFor();
  await anna.page.goBack();
  await anna.room("garden").waitFor();
});

story("a layer that opens while another one closes stays, and keeps its place", {}, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "hello");
  const anna = await stage.enter("Anna", PHONE);
  await anna.sees("hello");
  await anna.openSettings();
  // The browser reports a moment later that a dialog has closed and that the page has gone back.
  await anna.page.evaluate(() => {
    document.querySelector('[data-testid="settings-close"]').click();
    document.querySelector('[data-testid="members-open"]').click();
  });
  const members = anna.page.getByTestId("details");
  await turns(anna.page);
  await until("the layer has its place", () => anna.page.evaluate(() => history.state === "layer"));
  assert.ok(await members.isVisible(), "the members are there");
  await anna.page.goBack();
  await members.waitFor({ state: "hidden" });
  assert.equal(path(anna), "/r/general");
});

story("Back closes the top layer only, and what has no entry of its own when it leads to another room", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const { page } = anna;
  await anna.say("hello");
  await anna.allSent();
  await anna.join("kitchen");
  await anna.say("in the kitchen");
  await anna.allSent();
  await anna.composer.fill("a draft");
  await anna.openSettings();
  await page.getByTestId("sign-out").click();
  const question = page.getByTestId("parting-question");
  await question.getByRole("button").first().waitFor();
  await page.goBack();
  await question.getByRole("button").first().waitFor({ state: "hidden" });
  assert.ok(await page.getByTestId("sign-out").isVisible(), "the settings are still there");
  await page.goBack();
  await page.getByTestId("sign-out").waitFor({ state: "hidden" });
  assert.equal(await anna.openRoom(), "kitchen");
  assert.equal(path(anna), "/r/kitchen");

  await anna.messages.last().hover();
  await anna.messages.last().getByTestId("tool-react").click();
  await page.getByTestId("emoji-search").waitFor();
  await page.goBack();
  await page.getByTestId("emoji-search").waitFor({ state: "hidden" });
  await until("it is the room before", async () => (await anna.openRoom()) === "general");
  await page.goForward();
  await until("Forward leads to the next room again", async () => (await anna.openRoom()) === "kitchen");
});

story("a reload under a layer leaves no entry behind that closing another layer would use", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.openSettings();
  await anna.page.reload();
  await anna.composer.waitFor();
  await anna.open("general");
  await anna.say("hello");
  await anna.allSent();
  await anna.messages.last().hover();
  await anna.messages.last().getByTestId("tool-react").click();
  await anna.page.getByTestId("emoji-search").waitFor();
  await anna.page.keyboard.press("Escape");
  await anna.page.getByTestId("emoji-search").waitFor({ state: "hidden" });
  await turns(anna.page);
  assert.equal(await anna.openRoom(), "general");
  assert.equal(path(anna), "/r/general");
});

story("on a telephone Forward from the list closes its drawer", {}, async (stage) => {
  const anna = await stage.enter("Anna", PHONE);
  await anna.page.goBack();
  await anna.room("general").waitFor();
  await anna.page.goForward();
  await anna.room("general").waitFor({ state: "hidden" });
  assert.equal(path(anna), "/r/general");
});
