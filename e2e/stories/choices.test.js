import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function choose(person, name, value) {
  await person.openSettings();
  await person.page.getByTestId(`${name}-select`).selectOption(value);
  await person.page.getByTestId("settings-close").click();
}

/** Returns the text in the box after `keys` were pressed behind "one". */
async function after(person, keys) {
  await person.composer.fill("one");
  await person.page.keyboard.press(keys);
  return person.composer.inputValue();
}

story("Enter sends, or by choice Ctrl+Enter, also while editing and after a reload", FAST, async (stage) => {
  const anna = await stage.enter("Anna");
  const hint = anna.page.locator("#composer-notes");
  assert.equal(await hint.innerText(), "Enter sends, Shift+Enter breaks the line");
  assert.equal(await after(anna, "Enter"), "");
  assert.equal(await after(anna, "Shift+Enter"), "one\n");
  assert.equal(await after(anna, "Control+Enter"), "", "it sends in either way");

  await choose(anna, "send", "command");
  await until("the hint says so", async () => (await hint.innerText()) === "Ctrl+Enter sends, Enter breaks the line");
  for (const again of [false, true]) {
    if (again) {
      await anna.page.reload();
      await anna.composer.waitFor();
    }
    assert.equal(await after(anna, "Enter"), "one\n");
    assert.equal(await after(anna, "Control+Enter"), "");
  }
  await anna.composer.press("ArrowUp");
  const box = anna.page.getByTestId("edit-input");
  await box.fill("two");
  await box.press("Enter");
  assert.equal(await box.inputValue(), "two\n");
  await box.press("Control+Enter");
  await anna.sees("two");
  await anna.page.keyboard.press("Control+/");
  await anna.page.getByTestId("help").getByText("Send").waitFor();
  const row = anna.page.locator(".help-row").filter({ hasText: "Send" });
  assert.deepEqual(await row.locator("kbd").allInnerTexts(), ["Ctrl", "Enter"]);
});

story("on glass Enter breaks the line and the button sends", FAST, async (stage) => {
  const anna = await stage.enter("Anna", PHONE);
  assert.equal(await after(anna, "Enter"), "one\n");
  assert.equal(await anna.composer.getAttribute("enterkeyhint"), "enter");
  await anna.page.getByTestId("send").click();
  await anna.sees("one");
});

story("messages stand closer together by choice, before the first paint too", FAST, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.say("from Anna");
  await anna.allSent();
  await bert.post("general", "from Bert");
  await anna.sees("from Anna", "from Bert");
  const height = async () => (await anna.messages.first().boundingBox()).height;
  const cosy = await height();
  await choose(anna, "density", "compact");
  await until("they take less room", async () => (await height()) < cosy - 5);
  await anna.page.reload({ waitUntil: "commit" });
  await anna.page.waitForFunction(() => document.body);
  assert.equal(await anna.page.evaluate(() => document.documentElement.dataset.density), "compact");
  await choose(anna, "density", "cosy");
  await until("they have their room again", async () => (await height()) === cosy);
});

story("nothing moves when animations are off, and what an animation points out stays marked", FAST, async (stage) => {
  const anna = await stage.enter("Anna");
  await choose(anna, "motion", "none");
  await anna.say("look here");
  await anna.allSent();
  const seq = await anna.message("look here").getAttribute("data-seq");
  await anna.page.goto(`${stage.url}/r/general/m/${seq}`);
  const found = anna.page.locator(".message[data-found]");
  await found.waitFor();
  const moving = await anna.page.evaluate(() =>
    document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime > 0).length,
  );
  assert.equal(moving, 0);
  assert.notEqual(await found.evaluate((row) => getComputedStyle(row).boxShadow), "none");
});

story("a muted room is quiet in the list, in the title and for the keys, until somebody mentions the reader", FAST, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert", { rooms: ["general"] });
  await anna.page.getByTestId("room-menu-open").click();
  await anna.page.getByTestId("mute-room").click();
  await anna.room("general").getByText("Muted").waitFor();
  await anna.join("kitchen");
  await bert.post("general", "lunch?");
  await bert.post("general", "anybody?");
  const bert2 = await stage.wire("Ben", { rooms: ["kitchen"] });
  await bert2.post("kitchen", "here");
  await anna.sees("here");
  const link = anna.room("general").getByTestId("room-link");
  assert.doesNotMatch(await link.innerText(), /unread/);
  assert.equal(await anna.page.title(), "kitchen · Hiroba");
  await anna.page.keyboard.press("Alt+Shift+ArrowDown");
  assert.equal(await anna.openRoom(), "kitchen");

  await bert.post("general", "@Anna lunch?");
  await anna.room("general").getByText("1 mention of you").waitFor();
  await until("the title counts it", async () => (await anna.page.title()) === "(1) kitchen · Hiroba");
  await anna.page.reload();
  await anna.composer.waitFor();
  // The server counts: until it has said so, there is nothing for the key to lead to.
  await anna.room("general").getByText("1 mention of you").waitFor();
  await anna.page.keyboard.press("Alt+Shift+ArrowDown");
  await until("the mention leads there", async () => (await anna.openRoom()) === "general");
  await anna.page.getByTestId("room-menu-open").click();
  await anna.page.getByTestId("mute-room").click();
  await anna.room("general").getByText("Muted").waitFor({ state: "detached" });
});
