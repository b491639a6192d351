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

/** The conversations of the list, by what they are called, in their order. */
const listed = ({ page }) =>
  page.locator('[data-testid="room-item"][data-room^="~~"] .room-name').evaluateAll((names) =>
    names.map((name) => [...name.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim()),
  );

const lists = (person, ...names) =>
  until(`the list is ${names}`, async () => JSON.stringify(await listed(person)) === JSON.stringify(names), {
    state: () => listed(person),
  });

const conversation = ({ page }, name) => page.locator('[data-testid="room-item"][data-room^="~~"]').filter({ hasText: name });

const isOpen = ({ page }, name) => page.getByRole("heading", { level: 1 }).getByText(name).waitFor();

/** Opens the conversation with a member of the open room, from their card. */
async function writeTo(person, name) {
  const { page } = person;
  const list = page.getByTestId("member-list");
  if (!(await list.isVisible())) await page.getByTestId("members-open").click();
  await person.member(name).getByTestId("member-open").click();
  await page.getByTestId("person-write").click();
  await isOpen(person, name);
}

async function openNewMessage({ page }) {
  const drawer = page.getByTestId("drawer-open");
  if (await drawer.isVisible()) await drawer.click();
  await page.getByTestId("new-message-open").click();
  await page.getByTestId("new-message-person").waitFor();
}

/** Begins a conversation with these people by the dialog. */
async function begin(person, ...names) {
  await openNewMessage(person);
  const field = person.page.getByTestId("new-message-person");
  for (const name of names) {
    await field.fill(name);
    await field.press("Enter");
    await person.page.getByTestId("person-chip").filter({ hasText: name }).waitFor();
  }
  await person.page.getByTestId("new-message-start").click();
  await person.page.getByTestId("new-message-start").waitFor({ state: "detached" });
  await until("the conversation is open", async () => (await person.openRoom())?.startsWith("~~"));
}

story("two people write to each other, and what is unread calls and comes first", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  const eva = await account(stage, "Eva");
  await writeTo(hanako, "太郎");
  const room = await until("the conversation is open", async () => (await hanako.openRoom())?.startsWith("~~") && hanako.openRoom());
  await hanako.page.getByTestId("partner-presence").getByText("online").waitFor();
  await hanako.composer.fill("お昼いく？");
  assert.deepEqual(await listed(taro), [], "nobody is disturbed before something is written");
  await hanako.composer.press("Enter");
  await taro.room(room).getByText("1 unread").waitFor({ state: "attached" });
  assert.equal(await taro.room(room).locator(".badge.mention").count(), 1, "all of it calls");
  await until("the title counts it", async () => (await taro.page.title()).startsWith("(1)"));
  assert.equal(await taro.openRoom(), "general", "nobody is taken anywhere");
  await taro.open(room);
  await taro.sees("お昼いく？");
  await taro.composer.pressSequentially("いく");
  await hanako.typing.getByText("太郎").waitFor();
  await taro.composer.press("Enter");
  await hanako.sees("お昼いく？", "いく");
  await until("the title names the other one", async () => (await taro.page.title()).includes("花子"));

  await taro.open("general");
  await taro.say("hello everybody");
  await eva.sees("hello everybody");
  await eva.message("hello everybody").hover();
  await eva.message("hello everybody").getByTestId("tool-more").click();
  await eva.page.getByTestId("menu-write-to").click();
  await isOpen(eva, "太郎");
  await eva.say("こんにちは");
  await lists(taro, "Eva", "花子");
  await conversation(taro, "Eva").getByRole("link").click();
  await taro.sees("こんにちは");
  await lists(taro, "Eva", "花子");
  await hanako.say("どこにする？");
  await lists(taro, "花子", "Eva");
  for (const person of [hanako, taro]) await person.page.reload();
  await lists(taro, "花子", "Eva");
  await hanako.sees("いく", "どこにする？");
  assert.equal(await eva.room(room).count(), 0);
  await eva.page.goto(`${stage.url}/r/${encodeURIComponent(room)}`);
  await eva.notice.getByText("You are not in this room.", { exact: true }).waitFor();
});

story("a conversation that was closed comes back with the next message, or when it is opened again", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  await writeTo(hanako, "太郎");
  await hanako.say("one");
  await conversation(taro, "花子").getByRole("link").click();
  await taro.sees("one");
  const device = await taro.device();
  await lists(device, "花子");
  await taro.page.getByTestId("room-menu-open").click();
  assert.equal(await taro.page.getByTestId("room-details-open").count(), 0);
  await taro.page.getByTestId("leave-room").getByText("Close the conversation").click();
  for (const tab of [taro, device]) await lists(tab);
  await taro.page.reload();
  await taro.composer.waitFor();
  await lists(taro);
  await hanako.say("two");
  for (const tab of [taro, device]) await lists(tab, "花子");
  await conversation(taro, "花子").getByRole("link").click();
  await taro.sees("one", "two");
  await taro.leaveRoom();
  await lists(taro);
  await taro.page.keyboard.press("ControlOrMeta+k");
  await taro.page.getByTestId("switcher-input").fill("花子");
  await taro.page.getByTestId("switcher-option").filter({ hasText: "direct message" }).click();
  await isOpen(taro, "花子");
  await taro.sees("one", "two");
  for (const tab of [taro, device]) await lists(tab, "花子");
});

story("whoever does not want to be disturbed is shown so above the conversation", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  await writeTo(hanako, "太郎");
  await hanako.say("are you there?");
  await conversation(taro, "花子").getByText("1 unread").waitFor({ state: "attached" });
  await taro.openSettings();
  await taro.page.getByTestId("profile-edit").click();
  await taro.page.getByTestId("profile-status").fill("writing a report");
  await taro.page.getByTestId("profile-quiet").selectOption({ index: 1 });
  await taro.page.getByTestId("profile-save").click();
  await hanako.page.getByTestId("partner-quiet").getByText(/Do not disturb until/).waitFor();
  await hanako.page.getByTestId("partner-status").getByText("writing a report").waitFor();
  await until("the title is quiet", async () => !(await taro.page.title()).startsWith("("));
  await taro.page.context().close();
  await hanako.page.getByTestId("partner-presence").getByText("offline").waitFor();
});

story("three people have a conversation of their own, which is the same whoever begins it", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  const guest = await stage.enter("Gast");
  assert.equal(await guest.page.getByTestId("new-message-open").count(), 0, "guests do not begin");
  await openNewMessage(hanako);
  await hanako.page.getByTestId("new-message-start").click();
  await hanako.page.getByTestId("new-message-nobody").waitFor();
  await hanako.page.getByTestId("new-message-person").fill("no such name");
  await hanako.page.getByTestId("new-message-person").press("Enter");
  await hanako.page.getByTestId("new-message-start").click();
  await hanako.page.getByTestId("new-message-problem").getByText("There is nobody of that name.").waitFor();
  await hanako.page.getByTestId("new-message-cancel").click();
  await begin(hanako, "太郎", "Gast");
  await hanako.say("three of us");
  await hanako.allSent();
  const room = await hanako.openRoom();
  await guest.open(room);
  await guest.say("thank you");
  await taro.open(room);
  await taro.sees("three of us", "thank you");
  await guest.page.reload();
  await guest.sees("three of us", "thank you");
  await taro.open("general");
  await begin(taro, "花子", "Gast");
  assert.equal(await taro.openRoom(), room);
  await until("the guest's list names both", async () => ["太郎, 花子", "花子, 太郎"].includes((await listed(guest))[0]));
  await taro.page.keyboard.press("ControlOrMeta+k");
  await taro.page.getByTestId("switcher-input").fill("太郎");
  assert.equal(await taro.page.getByTestId("switcher-option").filter({ hasText: "direct message" }).count(), 0);
  await taro.page.keyboard.press("Escape");
});

/** Shows every screen about conversations to `look`. */
async function walk(stage, options, look) {
  const hanako = await account(stage, "花子", options);
  const taro = await account(stage, "太郎");
  const [jiro, umi, ken] = [await account(stage, "次郎"), await account(stage, "海"), await account(stage, "健")];
  const { page } = hanako;
  const isPhone = await page.getByTestId("drawer-open").isVisible();
  await openNewMessage(hanako);
  await look(page, "form");
  await page.getByTestId("new-message-person").fill("太");
  await page.getByTestId("person-option").waitFor();
  await look(page, "form-proposals");
  await page.getByTestId("person-option").click();
  await page.getByTestId("new-message-person").fill("二郎");
  await page.getByTestId("new-message-start").click();
  await page.getByTestId("new-message-problem").getByText(/./).waitFor();
  await look(page, "form-nobody");
  await page.getByTestId("person-chip-drop").last().click();
  await page.getByTestId("new-message-start").click();
  await isOpen(hanako, "太郎");
  await look(page, "empty");
  // Enter breaks the line on a telephone.
  await hanako.composer.fill("お昼、いきませんか？");
  await page.getByTestId("send").click();
  await hanako.allSent();
  await conversation(taro, "花子").getByRole("link").click();
  await taro.say("いいですね。12時に入口で！");
  await hanako.sees("お昼、いきませんか？", "いいですね。12時に入口で！");
  await taro.openSettings();
  await taro.page.getByTestId("profile-edit").click();
  await taro.page.getByTestId("profile-status").fill("報告書を書いています");
  await taro.page.getByTestId("profile-quiet").selectOption({ index: 1 });
  await taro.page.getByTestId("profile-save").click();
  await page.getByTestId("partner-quiet").waitFor();
  await look(page, "conversation");
  await begin(jiro, "花子", "太郎", "海", "健");
  await jiro.say("来週の集まりですが、金曜でどうでしょう");
  await jiro.allSent();
  await begin(umi, "花子");
  await umi.say("資料、送りました");
  await umi.say("見てもらえますか？");
  await ken.page.context().close();
  await hanako.room(await umi.openRoom()).getByText(/2/).first().waitFor({ state: "attached" });
  if (isPhone) await page.getByTestId("drawer-open").click();
  await look(page, "list");
  if (isPhone) await page.getByTestId("drawer-close").click();
  await hanako.openFromAnywhere(await jiro.openRoom());
  await look(page, "group");
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("leave-room").waitFor();
  await look(page, "menu");
  await page.keyboard.press("Escape");
  const list = page.getByTestId("member-list");
  if (!(await list.isVisible())) await page.getByTestId("members-open").click();
  await hanako.member("太郎").getByTestId("member-open").click();
  await page.getByTestId("person-write").waitFor();
  await look(page, "person");
  await page.keyboard.press("Escape");
  if (await page.locator("#details.open").isVisible()) await page.getByTestId("details-close").click();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByTestId("switcher-input").fill("郎");
  await page.getByTestId("switcher-option").first().waitFor();
  await look(page, "switcher");
  await page.keyboard.press("Escape");
}

for (const screen of Object.keys(SCREENS)) {
  story(`every screen about conversations: pictures, axe, nothing sideways, one language: ${screen}`, OPEN, async (stage) => {
    const pictures = new Pictures(screen, "direct");
    await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
    assert.deepEqual(pictures.findings, {});
  });
}
