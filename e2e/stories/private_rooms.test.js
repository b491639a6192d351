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

async function openForm({ page }) {
  const drawer = page.getByTestId("drawer-open");
  if (await drawer.isVisible()) await drawer.click();
  await page.getByTestId("new-room-open").click();
  await page.getByTestId("new-private-open").click();
  await page.getByTestId("room-title").waitFor();
}

/** Creates a private room, to which these people are invited by name. Returns its address. */
async function create(person, title, { topic = "", people = [] } = {}) {
  const { page } = person;
  await openForm(person);
  await page.getByTestId("room-title").fill(title);
  await page.getByTestId("room-topic").fill(topic);
  for (const name of people) {
    await page.getByTestId("new-room-person").fill(name);
    await page.getByTestId("new-room-person").press("Enter");
    await page.getByTestId("person-chip").filter({ hasText: name }).waitFor();
  }
  await page.getByTestId("new-private-create").click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  return until("the room is open", async () => (await person.openRoom())?.startsWith("~") && person.openRoom());
}

async function openDetails({ page }) {
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("room-details-open").click();
  await page.getByTestId("room-details-close").waitFor();
}

async function search({ page }, query) {
  const field = page.locator('input[data-testid="search-input"]:visible');
  await field.fill(query);
  await field.press("Enter");
}

story("people who are invited to a private room write in it, and nobody else learns of it", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  const eva = await account(stage, "Eva");

  await openForm(hanako);
  await hanako.page.getByTestId("room-title").fill("新製品");
  await hanako.page.getByTestId("new-room-person").fill("太");
  await hanako.page.getByTestId("person-option").getByText("太郎").waitFor();
  await hanako.page.keyboard.press("ArrowDown");
  await hanako.page.keyboard.press("Enter");
  await hanako.page.getByTestId("person-chip").getByText("太郎").waitFor();
  await hanako.page.getByTestId("new-private-create").click();
  const room = await until("the room is open", async () => (await hanako.openRoom())?.startsWith("~") && hanako.openRoom());
  await hanako.room(room).getByText("新製品").waitFor();
  await until("the title of the page is the room's", async () => (await hanako.page.title()).includes("新製品"));

  await taro.notice.getByText("花子 invited you to 新製品.").waitFor();
  await taro.open(room);
  await hanako.say("the first word");
  await taro.sees("the first word");
  await taro.say("the second one");
  await hanako.sees("the first word", "the second one");
  for (const person of [hanako, taro]) {
    await person.page.reload();
    await person.sees("the first word", "the second one");
    assert.equal(await person.openRoom(), room);
    await person.page.getByRole("heading", { level: 1, name: "新製品" }).waitFor();
  }

  await openDetails(hanako);
  await hanako.page.getByTestId("room-edit").click();
  await hanako.page.getByTestId("room-topic").fill("Only among us");
  await hanako.page.getByTestId("room-edit-save").click();
  await hanako.page.getByTestId("told-topic").getByText("Only among us").waitFor();
  await hanako.page.getByTestId("room-details-close").click();
  await taro.page.getByTestId("topic").getByText("Only among us").waitFor();

  await taro.open("general");
  await hanako.say("see #新製品 for the third one");
  await taro.room(room).getByText("1 unread").waitFor({ state: "attached" });
  await taro.page.keyboard.press("ControlOrMeta+k");
  await taro.page.getByTestId("switcher-input").fill("新製");
  await taro.page.getByTestId("switcher-option").getByText("新製品").click();
  await taro.sees("see #新製品 for the third one");
  await taro.page.getByTestId("text-room").getByText("#新製品").waitFor();
  await taro.composer.fill("#新");
  await taro.page.getByRole("option", { name: "新製品" }).click();
  assert.equal(await taro.composer.inputValue(), "#新製品 ");
  await taro.composer.fill("");

  const found = taro.page.getByTestId("card").getByText("for the third one");
  await until("it is found", async () => {
    await search(taro, "third");
    await taro.page.locator(".search-status").filter({ hasText: /found|message/ }).waitFor();
    return (await found.count()) > 0;
  });
  await taro.page.getByTestId("card").getByText("新製品").first().waitFor();
  await search(eva, "third");
  await eva.page.getByText("Nothing was found for “third”.").waitFor();
  assert.equal(await eva.room(room).count(), 0);

  for (const address of [room, "~00000000000000000000000000000000"]) {
    await eva.page.goto(`${stage.url}/r/${encodeURIComponent(address)}`);
    await eva.notice.getByText("You are not in this room.", { exact: true }).waitFor();
    await until("another room is open", async () => (await eva.openRoom()) === "general");
    assert.equal(new URL(eva.page.url()).pathname, "/r/general");
    await eva.page.getByTestId("notice-dismiss").click();
  }
});

story("whoever is removed from a private room is told by whom and why, and comes back when invited again", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  const room = await create(hanako, "Plans", { people: ["太郎", "nobody at all"] });
  await hanako.notice.getByText("nobody at all could not be invited. There is nobody of that name.").waitFor();
  await taro.notice.getByText("花子 invited you to Plans.").waitFor();
  await taro.page.getByTestId("notice-dismiss").click();
  await taro.open(room);
  await hanako.say("a secret");
  await taro.sees("a secret");
  assert.equal(await taro.page.getByTestId("member-item").filter({ hasText: "moderator" }).count(), 1);

  await hanako.member("太郎").getByTestId("member-open").click();
  await hanako.page.getByTestId("person-role").click();
  await hanako.page.getByTestId("person-moderates").waitFor();
  await hanako.page.keyboard.press("Escape");
  await taro.member("花子").getByTestId("member-open").click();
  await taro.page.getByTestId("person-remove").waitFor();
  await taro.page.keyboard.press("Escape");
  await hanako.member("太郎").getByTestId("member-open").click();
  await hanako.page.getByTestId("person-role").click();
  await hanako.page.getByTestId("person-moderates").waitFor({ state: "detached" });

  await taro.composer.fill("half a sentence");
  await hanako.page.getByTestId("person-remove").click();
  await hanako.page.getByTestId("removal-reason").fill("another department");
  await hanako.page.getByTestId("removal-confirm").click();
  await hanako.member("太郎").waitFor({ state: "detached" });
  await taro.notice.getByText("花子 removed you from Plans. The reason: another department").waitFor();
  await taro.room(room).waitFor({ state: "detached" });
  await until("another room is open", async () => (await taro.openRoom()) === "general");
  assert.equal(await taro.message("a secret").count(), 0);
  await taro.page.goto(`${stage.url}/r/${encodeURIComponent(room)}`);
  await taro.notice.getByText("You are not in this room.", { exact: true }).waitFor();

  await hanako.page.getByTestId("room-menu-open").click();
  await hanako.page.getByTestId("invite-open").click();
  const field = hanako.page.getByTestId("invite-name");
  await field.fill("太朗");
  await hanako.page.getByTestId("invite-name-add").click();
  await hanako.page.getByText("太朗 could not be invited. There is nobody of that name.").waitFor();
  assert.equal(await field.inputValue(), "太朗", "it can be corrected");
  await field.fill("太郎");
  await field.press("Enter");
  await hanako.page.getByText("太郎 is in this room now.").waitFor();
  await taro.room(room).waitFor();
  await taro.open(room);
  await taro.sees("a secret");

  await taro.leaveRoom();
  await taro.page.getByText("you can come back only when somebody in it invites you").waitFor();
  await taro.page.getByTestId("parting-confirm").click();
  await taro.room(room).waitFor({ state: "detached" });
  await until("another room is open", async () => (await taro.openRoom()) === "general");
});

story("guests create no private rooms, and are members of those to which they are invited", OPEN, async (stage) => {
  const guest = await stage.enter("Gast");
  await guest.page.getByTestId("new-room-open").click();
  await guest.page.getByTestId("new-room-input").waitFor();
  assert.equal(await guest.page.getByTestId("new-private-open").count(), 0);
  await guest.page.getByTestId("new-room-close").click();
  const hanako = await account(stage, "花子");
  const room = await create(hanako, "Plans", { people: ["Gast"] });
  await guest.open(room);
  await guest.say("thank you");
  await hanako.sees("thank you");
  await guest.page.reload();
  await guest.sees("thank you");
  await openDetails(guest);
  assert.equal(await guest.page.getByTestId("room-edit").count(), 0);
  assert.equal(await guest.page.getByTestId("invite-name").count(), 0);
});

story("the topic of a public room is in its head for everybody", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const guest = await stage.enter("Gast");
  await openDetails(hanako);
  await hanako.page.getByTestId("room-edit").click();
  assert.equal(await hanako.page.getByTestId("room-title").count(), 0);
  await hanako.page.getByTestId("room-topic").fill("Tea at four");
  await hanako.page.getByTestId("room-description").fill("Everything that concerns all of us.");
  await hanako.page.getByTestId("room-edit-save").click();
  await guest.page.getByTestId("topic").getByText("Tea at four").waitFor();
  await openDetails(guest);
  await guest.page.getByTestId("told-description").getByText("Everything that concerns all of us.").waitFor();
});

/** Shows every screen about private rooms to `look`. */
async function walk(stage, options, look) {
  const hanako = await account(stage, "花子", options);
  const taro = await account(stage, "太郎");
  const { page } = hanako;
  const members = async () => {
    const list = page.getByTestId("member-list");
    if (!(await list.isVisible())) await page.getByTestId("members-open").click();
    await list.waitFor();
  };
  if (await page.getByTestId("drawer-open").isVisible()) await page.getByTestId("drawer-open").click();
  await page.getByTestId("new-room-open").click();
  await page.getByTestId("new-private-open").waitFor();
  await look(page, "new-room");
  await page.getByTestId("new-private-open").click();
  await page.getByTestId("room-title").waitFor();
  await look(page, "form");
  await page.getByTestId("new-private-create").click();
  await page.getByTestId("new-room-person").fill("太");
  await page.getByTestId("person-option").waitFor();
  await look(page, "form-proposals");
  await page.getByTestId("person-option").click();
  await page.getByTestId("room-title").fill("新製品「うみかぜ」");
  await page.getByTestId("room-topic").fill("秋の発売まで、ここだけの話。試作品の写真と、お店からの感想はこちらに書いてください");
  await page.getByTestId("person-chip").waitFor();
  await look(page, "form-filled");
  await page.getByTestId("new-private-create").click();
  await page.getByTestId("topic").getByText(/./).waitFor();
  await taro.open(await hanako.openRoom());
  await taro.say("招待ありがとう。試作品、見ました！");
  await hanako.composer.fill("どうでしたか？");
  await page.getByTestId("send").click();
  await hanako.allSent();
  await look(page, "room");
  if (await page.getByTestId("drawer-open").isVisible()) {
    await page.getByTestId("drawer-open").click();
    await look(page, "drawer");
    await page.getByTestId("drawer-close").click();
  }
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("invite-open").waitFor();
  await look(page, "menu");
  await page.getByTestId("room-details-open").click();
  await page.getByTestId("invite-name").waitFor();
  await look(page, "details");
  await page.getByTestId("invite-name").fill("二郎");
  await page.getByTestId("invite-name-add").click();
  await page.getByTestId("invite-name-problem").getByText(/./).waitFor();
  await look(page, "details-nobody");
  await page.getByTestId("room-edit").click();
  await page.getByTestId("room-description").fill("うみかぜの開発について話すところ。写真は撮った日がわかるように。");
  await look(page, "details-edit");
  await page.getByTestId("room-edit-save").click();
  await page.getByTestId("told-description").waitFor();
  await look(page, "details-told");
  await page.getByTestId("room-details-close").click();
  await members();
  await look(page, "members");
  await hanako.member("太郎").getByTestId("member-open").click();
  await page.getByTestId("person-remove").waitFor();
  await look(page, "person");
  await page.getByTestId("person-remove").click();
  await page.getByTestId("removal-reason").fill("別の部署へ異動");
  await look(page, "removal");
  await page.getByTestId("removal-cancel").click();
  if (await page.locator("#details.open").isVisible()) await page.getByTestId("details-close").click();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByTestId("switcher-option").first().waitFor();
  await look(page, "switcher");
  await page.keyboard.press("Escape");
  await hanako.leaveRoom();
  await page.getByTestId("parting-confirm").waitFor();
  await look(page, "leaving");
  await page.getByTestId("parting-cancel").click();
  const room = await create(taro, "採用", { people: ["花子"] });
  await hanako.notice.waitFor();
  await look(page, "invited");
  await page.getByTestId("notice-dismiss").click();
  await taro.member("花子").getByTestId("member-open").click();
  await taro.page.getByTestId("person-remove").click();
  await taro.page.getByTestId("removal-reason").fill("間違えて招待しました");
  await taro.page.getByTestId("removal-confirm").click();
  await hanako.room(room).waitFor({ state: "detached" });
  await hanako.notice.waitFor();
  await look(page, "removed");
}

for (const screen of Object.keys(SCREENS)) {
  story(`every screen about private rooms: pictures, axe, nothing sideways, one language: ${screen}`, OPEN, async (stage) => {
    const pictures = new Pictures(screen, "private");
    await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
    assert.deepEqual(pictures.findings, {});
  });
}
