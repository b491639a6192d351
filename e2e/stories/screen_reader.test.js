// Everything is found by its role and its name, and nothing by how it looks.

import assert from "node:assert/strict";

import { focusTold, heard, hears, isTold, listen } from "../harness/listener.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };

/** With the sign that asks for a colourful picture. */
const [PARTY, THUMB] = ["🎉\u{FE0F}", "👍\u{FE0F}"];

const ENGLISH = {
  time: "en-GB",
  name: "Your name",
  enter: "Enter the square",
  rooms: "Rooms",
  people: "People",
  room: (name, people) => `${name} ${people === 1 ? "1 person" : `${people} people`}`,
  messages: (room) => `Messages in ${room}`,
  box: (room) => `Message to ${room}`,
  goTo: "Go to a room or person",
  whereTo: "Room or person",
  notJoined: "kitchen not joined",
  says: (author, text) => `${author}: ${text}`,
  message: (author, time, text) => `${author}, ${time}: ${text}`,
  actions: "What to do with the message",
  reply: "Reply",
  replyingTo: "Replying to Bert",
  react: "React",
  emoji: "Emoji",
  searchEmoji: "Search emoji",
  party: ["party pop", `${PARTY} party popper`],
  searchMessages: "Search messages",
  search: "Search",
  found: "1 message",
  goToMessage: "Go to the message",
  preview: "Preview",
  send: "Send",
  spoiler: "Spoiler",
  hidden: "(spoiler)",
  editBox: "Text of the message",
  save: "Save",
  whom: "People to mention",
  pins: "Pinned messages",
  pin: "Pin to the room",
  delete: "Delete",
  deleteQuestion: "Delete this message?",
  deleted: "This message was deleted.",
  roomMenu: "What to do with this room",
  leave: "Leave the room",
  settings: "Settings",
  language: "Language",
  appearance: "Appearance",
  signOut: "Leave Hiroba",
};

const JAPANESE = {
  time: "ja",
  name: "名前",
  enter: "広場に入る",
  rooms: "ルーム",
  people: "メンバー",
  room: (name, people) => `${name} ${people}人`,
  messages: (room) => `${room}のメッセージ`,
  box: (room) => `${room}へのメッセージ`,
  goTo: "ルームや人へ移動",
  whereTo: "ルーム名またはユーザー名",
  notJoined: "kitchen 未参加",
  says: (author, text) => `${author}：${text}`,
  message: (author, time, text) => `${author}、${time}：${text}`,
  actions: "メッセージの操作",
  reply: "返信",
  replyingTo: "Bertに返信",
  react: "リアクション",
  emoji: "絵文字",
  searchEmoji: "絵文字を検索",
  party: ["おめでとう", `${PARTY} クラッカー`],
  searchMessages: "メッセージを検索",
  search: "検索",
  found: "1件",
  goToMessage: "メッセージへ移動",
  preview: "プレビュー",
  send: "送信",
  spoiler: "ネタバレ",
  hidden: "（ネタバレ）",
  editBox: "メッセージの編集",
  save: "保存",
  whom: "メンションする相手",
  pins: "ピン留め",
  pin: "ピン留め",
  delete: "削除",
  deleteQuestion: "このメッセージを削除しますか？",
  deleted: "このメッセージは削除されました。",
  roomMenu: "このルームの操作",
  leave: "ルームから退出",
  settings: "設定",
  language: "言語",
  appearance: "外観",
  signOut: "広場を出る",
};

/** Opens the first page with somebody who only listens. */
async function open(stage, locale) {
  const context = await stage.context({ locale });
  await listen(context);
  const page = await context.newPage();
  await page.goto(stage.url);
  // What has exactly this role and name, in the whole page or a part of it.
  const by = (role, name, options, within = page) => within.getByRole(role, { name, exact: true, ...options });
  return { page, by };
}

/** Comes in with somebody who only listens, in English. */
async function comeIn(stage) {
  const opened = await open(stage, "en-US");
  await opened.by("textbox", "Your name").pressSequentially("Anna");
  await opened.by("textbox", "Your name").press("Enter");
  await isTold(opened.page, "textbox", "Message to general");
  return opened;
}

/** The name by which a message is read out, from the answer to its author. */
const nameOf = (words, author, { timestamp }, text) => {
  const format = new Intl.DateTimeFormat(words.time, { hour: "numeric", minute: "2-digit", timeZone: "Asia/Tokyo" });
  return words.message(author, format.format(new Date(timestamp)), text);
};

for (const [locale, words] of [["en-US", ENGLISH], ["ja-JP", JAPANESE]]) {
  story(`a conversation that is only listened to: ${locale}`, FAST, async (stage) => {
    const bert = await stage.wire("Bert", { rooms: ["general", "kitchen"] });
    const key = await bert.post("kitchen", "The key is under the mat");
    await bert.fill("kitchen", 120);
    await bert.finds("mat");
    const { page, by } = await open(stage, locale);

    // Comes in.
    const gate = page.getByRole("main");
    await by("heading", "Hiroba", { level: 1 }, gate).waitFor();
    await isTold(page, "textbox", words.name);
    await by("textbox", words.name, {}, gate).pressSequentially("Anna");
    await by("button", words.enter, {}, gate).press("Enter");
    await isTold(page, "textbox", words.box("general"));

    // The parts of the page.
    const main = page.getByRole("main");
    const rooms = by("navigation", words.rooms);
    assert.equal(await main.count(), 1);
    await by("heading", "general", { level: 1 }, main).waitFor();
    await by("log", words.messages("general"), {}, main).waitFor();
    await by("link", words.room("general", 2), {}, rooms).waitFor();
    await by("link", words.room("kitchen", 1), {}, rooms).waitFor();
    await by("list", words.people, {}, by("complementary", words.people)).getByRole("listitem").nth(1).waitFor();

    // Goes to another room.
    await by("button", words.goTo, {}, rooms).press("Enter");
    const switcher = by("dialog", words.goTo);
    const whereTo = by("combobox", words.whereTo, { expanded: true }, switcher);
    await isTold(page, "combobox", words.whereTo);
    await whereTo.pressSequentially("kit");
    await by("option", words.notJoined, { selected: true }, by("listbox", words.goTo, {}, switcher)).waitFor();
    await whereTo.press("Enter");
    const box = by("textbox", words.box("kitchen"), {}, main);
    const log = by("log", words.messages("kitchen"), {}, main);
    await isTold(page, "textbox", words.box("kitchen"));

    // Hears what is new, and nothing that is loaded.
    const articles = log.getByRole("article");
    await by("article", "Bert", {}, log).last().waitFor();
    assert.deepEqual(await heard(page), []);
    const question = await bert.post("kitchen", "Who brings the **soup**?");
    const asked = words.says("Bert", "Who brings the soup?");
    await hears(page, asked);
    await log.press("ArrowUp");
    const questionName = nameOf(words, "Bert", question, "Who brings the soup?");
    await isTold(page, "article", questionName);
    const before = await articles.count();
    await page.keyboard.press("Home");
    await until("older messages are there", async () => (await articles.count()) > before);
    await hears(page, asked);

    // Replies.
    await articles.last().focus();
    const asking = by("article", questionName, {}, log);
    await by("button", words.reply, {}, by("group", words.actions, {}, asking)).press("Enter");
    await isTold(page, "textbox", words.box("kitchen"));
    await main.getByText(words.replyingTo, { exact: true }).waitFor();
    await box.pressSequentially("I do");
    await by("button", words.send, {}, main).press("Enter");
    await by("article", "Anna", {}, log).getByRole("button", { name: `${words.reply}: Bert Who brings the soup?`, exact: true }).waitFor();

    // Reacts.
    await articles.nth(-2).press("Enter");
    const menu = by("menu", words.actions, {}, by("dialog", words.actions));
    await by("menuitem", words.react, {}, menu).press("Enter");
    const emoji = by("dialog", words.emoji);
    await isTold(page, "textbox", words.searchEmoji);
    await by("textbox", words.searchEmoji, {}, emoji).pressSequentially(words.party[0]);
    const cell = by("gridcell", words.party[1], {}, by("grid", words.emoji, {}, emoji).getByRole("row"));
    await cell.press("Enter");
    await by("button", `${PARTY} 1 Anna`, { pressed: true }, by("group", words.react, {}, log)).waitFor();

    // Finds.
    const field = by("textbox", words.searchMessages, {}, page.getByRole("search"));
    await field.pressSequentially("under the mat");
    await field.press("Enter");
    const results = by("complementary", words.search);
    await results.getByRole("status").getByText(words.found, { exact: true }).waitFor();
    await by("button", words.goToMessage, {}, results.getByRole("listitem")).press("Enter");
    await articles.getByText("The key is under the mat").waitFor();
    await articles.filter({ hasText: "The key is under the mat" }).focus();
    await isTold(page, "article", nameOf(words, "Bert", key, "The key is under the mat"));

    // Writes what is formatted, to somebody.
    await box.pressSequentially("@Be");
    const completing = by("textbox", words.box("kitchen"), {}, main);
    await by("option", "Bert", { selected: true }, by("listbox", words.whom, {}, main)).waitFor();
    await completing.press("Enter");
    await box.pressSequentially("**wet** *very* `ls` ||snow||");
    await by("button", words.preview, { pressed: false }, main).press("Enter");
    const preview = by("region", words.preview, {}, main);
    for (const [role, text] of [["strong", "wet"], ["emphasis", "very"], ["code", "ls"]]) {
      await preview.getByRole(role).getByText(text, { exact: true }).waitFor();
    }
    await by("button", words.spoiler, { expanded: false }, preview).waitFor();
    await by("button", words.preview, { pressed: true }, main).waitFor();
    await by("button", words.send, {}, main).press("Enter");
    const sent = await bert.frame("the message", ({ type, content }) => type === "message" && content.includes("wet"));

    // Edits.
    await box.press("ArrowUp");
    await isTold(page, "textbox", words.editBox);
    await by("textbox", words.editBox, {}, log).pressSequentially(" today");
    await by("button", words.save, {}, log).press("Enter");
    await isTold(page, "textbox", words.box("kitchen"));
    await log.press("ArrowUp");
    await isTold(page, "article", nameOf(words, "Anna", sent, `@Bert wet very ls ${words.hidden} today`));

    // Leaves the room, and Hiroba.
    await by("button", words.roomMenu, {}, main).press("Enter");
    await by("menuitem", words.leave, {}, by("menu", words.roomMenu)).press("Enter");
    await by("heading", "general", { level: 1 }, main).waitFor();
    await by("button", words.settings, {}, rooms).press("Enter");
    const settings = by("dialog", words.settings);
    await by("button", "English", { pressed: locale === "en-US" }, by("group", words.language, {}, settings)).waitFor();
    await by("combobox", words.appearance, {}, settings).waitFor();
    await by("button", words.signOut, {}, settings).press("Enter");
    await isTold(page, "textbox", words.name);
    await hears(page, asked, words.found);
  });
}

const MENU = `- menu "What to do with the message":
  - group "React":
    - menuitem "${THUMB}"`;
const QUESTION = `- dialog "Delete this message?":
  - heading "Delete this message?" [level=2]
  - paragraph: mine
  - paragraph: It disappears for everybody, and nobody can bring it back.
  - button "Cancel"
  - button "Delete"`;
const SWITCHER = `- dialog "Go to a room or person":
  - combobox "Room or person" [expanded]
  - listbox "Go to a room or person":
    - option "general" [selected]`;

story("menus, questions and lists are told with everything in them", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const { page, by } = await comeIn(stage);
  await by("textbox", "Message to general").pressSequentially("mine");
  await by("textbox", "Message to general").press("Enter");
  await bert.frame("the message", ({ type, content }) => type === "message" && content === "mine");

  await page.keyboard.press("ControlOrMeta+k");
  await isTold(page, "combobox", "Room or person");
  assert.equal(await by("dialog", "Go to a room or person").ariaSnapshot(), SWITCHER);
  await page.keyboard.press("Escape");

  const log = by("log", "Messages in general");
  await log.press("ArrowUp");
  await page.keyboard.press("Enter");
  const menu = by("menu", "What to do with the message", {}, by("dialog", "What to do with the message"));
  await menu.waitFor();
  assert.ok((await menu.ariaSnapshot()).startsWith(MENU));
  await by("menuitem", "Delete", {}, menu).press("Enter");
  const question = by("dialog", "Delete this message?");
  await by("button", "Cancel", {}, question).waitFor();
  assert.equal(await question.ariaSnapshot(), QUESTION);
  await isTold(page, "button", "Cancel");
  await by("button", "Delete", {}, question).press("Enter");
  await log.getByRole("article").getByText("This message was deleted.").waitFor();
});

story("headings and lists are told as what they are", FAST, async (stage) => {
  await stage.wire("Bert");
  const { page, by } = await comeIn(stage);
  await page.getByRole("listitem").filter({ hasText: "Bert" }).waitFor();
  const lists = await page.getByRole("list").all();
  const items = await Promise.all(lists.map((list) => list.getByRole("listitem").count()));
  assert.ok(!items.includes(0), `no list without anything in it: ${items}`);
  await by("heading", "People 2", { level: 2 }).waitFor();
});

story("a lost connection is said, once", { ...FAST, link: true, offline: true }, async (stage) => {
  const { page, by } = await comeIn(stage);
  stage.link.breakDown();
  await by("button", "Retry now").waitFor();
  await hears(page, "The connection is lost.");
});

story("whoever answers a message hears whom", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "Who brings the soup?");
  const { page, by } = await comeIn(stage);
  await by("article", "Bert").focus();
  await by("button", "Reply").press("Enter");
  await isTold(page, "textbox", "Message to general");
  await until(
    "it is in the description of the box, or was said",
    async () => [(await focusTold(page)).description, ...(await heard(page))].some((words) => words.includes("Replying to Bert")),
    { state: async () => [await focusTold(page), await heard(page)] },
  );
});

story("a message that has the focus tells its author, its time, its text and its reactions", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const carla = await stage.wire("Carla");
  const posted = await bert.post("general", "Who brings the soup?");
  for (const person of [bert, carla]) {
    await person.ask({ type: "add_reaction", room: "general", target: posted.seq, emoji: "👍" });
  }
  const { page, by } = await comeIn(stage);
  const log = by("log", "Messages in general");
  await by("button", `${THUMB} 2 Bert and Carla`, { pressed: false }, log).waitFor();
  await log.press("ArrowUp");
  await until("the message has the focus", async () => (await focusTold(page)).role === "article");
  const { name } = await focusTold(page);
  const begins = nameOf(ENGLISH, "Bert", posted, "Who brings the soup?");
  assert.equal(name.slice(0, begins.length), begins);
  assert.match(name.slice(begins.length), /2/, "how many");
  assert.match(name.slice(begins.length), /👍/, "and which");
});
