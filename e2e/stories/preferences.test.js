import assert from "node:assert/strict";

import { Pictures, SCREENS } from "../harness/pictures.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open", "--rate-limits", "off"] };

async function account(stage, name, options) {
  const person = await stage.visitor(options);
  await person.signUp(name, PASSWORD);
  return person;
}

const rooms = (list) => list.getByTestId("room-item").evaluateAll((rows) => rows.map((row) => row.dataset.room));

const favourites = ({ page }) => rooms(page.getByTestId("favourites"));

const favours = (person, ...names) =>
  until(`the favourites are ${names}`, async () => JSON.stringify(await favourites(person)) === JSON.stringify(names), {
    state: () => favourites(person),
  });

/** Chooses something in the menu of the open room. */
async function choose({ page }, item) {
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId(item).click();
}

async function favour(person, ...names) {
  for (const name of names) {
    await person.join(name);
    await choose(person, "favourite");
  }
  await favours(person, ...names);
}

/** Blocks a member of the open room. */
async function block(person, name) {
  const { page } = person;
  const list = page.getByTestId("member-list");
  if (!(await list.isVisible())) await page.getByTestId("members-open").click();
  await person.member(name).getByTestId("member-open").click();
  await page.getByTestId("person-block").click();
  await page.getByTestId("block-confirm").click();
  await page.getByTestId("block-confirm").waitFor({ state: "detached" });
}

story("favourites have one order on all devices: dragged with the mouse, and after a reload", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  await favour(hanako, "tea", "cake", "雑談");
  const device = await hanako.device();
  await favours(device, "tea", "cake", "雑談");
  assert.equal(await device.room("cake").count(), 1, "a room stands in one place");
  const item = (name) => hanako.page.getByTestId("favourites").locator(`[data-room="${name}"]`);
  await item("雑談").dragTo(item("tea"));
  for (const tab of [hanako, device]) await favours(tab, "雑談", "tea", "cake");
  await hanako.page.reload();
  await favours(hanako, "雑談", "tea", "cake");
  await device.open("tea");
  await choose(device, "favourite");
  for (const tab of [hanako, device]) await favours(tab, "雑談", "cake");
  await hanako.room("tea").waitFor();
});

story("favourites are put in order by keyboard alone", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  await favour(hanako, "tea", "cake");
  const { page } = hanako;
  const press = async (item) => {
    await page.getByTestId("room-menu-open").focus();
    await page.keyboard.press("Enter");
    await page.getByTestId(item).waitFor();
    await until("the menu has the focus", () => page.evaluate(() => document.activeElement?.closest("[role=menu]") !== null));
    for (let step = 0; step < 12 && !(await page.getByTestId(item).evaluate((one) => one === document.activeElement)); step += 1) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await page.getByTestId(item).waitFor({ state: "detached" });
    await until("the focus is back", () => page.getByTestId("room-menu-open").evaluate((button) => button === document.activeElement));
  };
  await press("favourite-up");
  await favours(hanako, "cake", "tea");
  assert.equal(await hanako.openRoom(), "cake");
  await press("favourite-down");
  await favours(hanako, "tea", "cake");
  await press("favourite");
  await favours(hanako, "tea");
});

story("muted rooms follow to other devices, and those of a guest into its account", OPEN, async (stage) => {
  const hanako = await stage.enter("花子");
  await choose(hanako, "mute-room");
  await hanako.room("general").getByText("Muted").waitFor({ state: "attached" });
  await hanako.openSettings();
  await hanako.page.getByTestId("account-create").click();
  await hanako.sendAccountForm("花子", PASSWORD);
  await hanako.page.getByTestId("profile-edit").waitFor();
  await hanako.page.getByTestId("settings-close").click();
  const elsewhere = await stage.visitor();
  await elsewhere.signIn("花子", PASSWORD);
  await elsewhere.room("general").getByText("Muted").waitFor({ state: "attached" });
  await choose(elsewhere, "mute-room");
  await until("it is not muted any more", async () => (await hanako.room("general").getByText("Muted").count()) === 0);
  await hanako.page.reload();
  await hanako.composer.waitFor();
  assert.equal(await hanako.room("general").getByText("Muted").count(), 0);
  const stranger = await stage.visitor();
  await stranger.signUp("太郎", PASSWORD);
  assert.equal(await stranger.room("general").getByText("Muted").count(), 0);
});

story("what is unread stands above the other rooms, and nothing moves while somebody points at the list", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  await hanako.join("tea");
  await hanako.open("general");
  await hanako.page.mouse.move(900, 400);
  await hanako.composer.focus();
  const taro = await stage.wire("太郎");
  await taro.join("tea");
  const unread = hanako.page.getByTestId("unread-rooms");
  await taro.post("tea", "one");
  await unread.locator('[data-room="tea"]').waitFor();
  assert.equal(await hanako.room("tea").count(), 1);
  await hanako.open("tea");
  await hanako.sees("one");
  assert.deepEqual(await rooms(unread), ["tea"], "it does not move away under the pointer");
  await hanako.page.mouse.move(900, 400);
  await hanako.composer.focus();
  await unread.waitFor({ state: "detached" });
  await hanako.room("tea").waitFor();
});

story("what somebody blocked writes is folded, and they cannot write directly", { ...OPEN, refused: true }, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  await taro.say("before");
  await hanako.sees("before");
  await block(hanako, "太郎");
  const folded = hanako.page.getByTestId("folded");
  await folded.getByText("Message of somebody you blocked").waitFor();
  assert.deepEqual(await hanako.texts(), []);
  await taro.composer.pressSequentially("after");
  await taro.composer.press("Enter");
  await until("both are folded", async () => (await folded.count()) === 2);
  assert.equal(await hanako.typing.innerText(), "");
  await folded.first().getByTestId("folded-show").click();
  await hanako.sees("before");
  const device = await hanako.device();
  await until("both are folded there", async () => (await device.page.getByTestId("folded").count()) === 2);

  // Neither of her devices reads what comes now.
  await device.join("kitchen");
  await hanako.join("tea");
  await taro.say("nobody calls");
  await taro.allSent();
  const eva = await stage.wire("Eva");
  await eva.post("general", "hello from Eva");
  await hanako.room("general").getByText("1 unread").waitFor({ state: "attached" });
  await device.open("general");
  await device.sees("hello from Eva");

  await taro.member("花子").getByTestId("member-open").click();
  await taro.page.getByTestId("person-write").click();
  await taro.notice.getByText("This person does not take messages from you.").waitFor();
  assert.equal(await taro.openRoom(), "general");

  await hanako.openSettings();
  await hanako.page.getByTestId("blocked-person").getByText("太郎").waitFor();
  await hanako.page.getByTestId("unblock").click();
  await hanako.page.getByTestId("blocked-none").waitFor();
  await hanako.page.getByTestId("settings-close").click();
  await hanako.open("general");
  await hanako.sees("before", "after", "nobody calls", "hello from Eva");
});

story("a message in a conversation with somebody who blocked one stays, with the reason", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  await taro.composer.fill("/msg");
  await taro.composer.press("Enter");
  await taro.page.getByTestId("answer").getByText("Write it like this: /msg name text").waitFor();
  await taro.composer.fill("/msg @花子 お昼いく？");
  await taro.composer.press("Enter");
  await until("the conversation is open", async () => (await taro.openRoom())?.startsWith("~~"));
  await taro.sees("お昼いく？");
  await hanako.room(await taro.openRoom()).getByText("1 unread").waitFor({ state: "attached" });
  await block(hanako, "太郎");
  await taro.say("まだ？");
  const failed = taro.page.locator('[data-failed="true"]');
  await failed.getByText("This person does not take messages from you.").waitFor();
  await failed.getByTestId("message-discard").click();
});

/** Shows every screen about preferences to `look`. */
async function walk(stage, options, look) {
  const hanako = await account(stage, "花子", options);
  const taro = await account(stage, "太郎");
  const { page } = hanako;
  const isPhone = await page.getByTestId("drawer-open").isVisible();
  const drawer = async (button) => {
    if (isPhone) await page.getByTestId(button).click();
  };
  for (const room of ["雑談", "開発"]) {
    await drawer("drawer-open");
    await page.getByTestId("new-room-open").click();
    await page.getByTestId("new-room-input").fill(room);
    await page.getByTestId("new-room-submit").click();
    await until(`${room} is open`, async () => (await hanako.openRoom()) === room);
    await choose(hanako, "favourite");
  }
  await favours(hanako, "雑談", "開発");
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("favourite-up").waitFor();
  await look(page, "menu");
  await page.keyboard.press("Escape");
  await taro.say("おはようございます");
  await page.getByTestId("unread-rooms").locator('[data-room="general"]').waitFor({ state: "attached" });
  await drawer("drawer-open");
  await look(page, "list");
  await drawer("drawer-close");
  await hanako.openFromAnywhere("general");
  await hanako.sees("おはようございます");
  const list = page.getByTestId("member-list");
  if (!(await list.isVisible())) await page.getByTestId("members-open").click();
  await hanako.member("太郎").getByTestId("member-open").click();
  await page.getByTestId("person-block").waitFor();
  await look(page, "person");
  await page.getByTestId("person-block").click();
  await page.getByTestId("block-confirm").waitFor();
  await look(page, "question");
  await page.getByTestId("block-confirm").click();
  await page.getByTestId("block-confirm").waitFor({ state: "detached" });
  if (await page.getByTestId("person-block").isVisible()) await page.keyboard.press("Escape");
  if (await page.locator("#details.open").isVisible()) await page.getByTestId("details-close").click();
  await page.getByTestId("folded").waitFor();
  await look(page, "folded");
  await hanako.openSettings();
  await page.getByTestId("blocked-person").scrollIntoViewIfNeeded();
  await look(page, "settings");
}

for (const screen of Object.keys(SCREENS)) {
  story(`every screen about preferences: pictures, axe, nothing sideways, one language: ${screen}`, OPEN, async (stage) => {
    const pictures = new Pictures(screen, "preferences", ["Hiroba", "general", "Enter", "Shift", "Ctrl", "Chrome", "Linux"]);
    await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
    assert.deepEqual(pictures.findings, {});
  });
}
