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

async function owner(stage, options) {
  const olga = await stage.visitor(options);
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", PASSWORD);
  return olga;
}

const answer = ({ page }) => page.getByTestId("answer");

/** Writes a command and sends it. A list of proposals would take the key. */
async function command(person, text) {
  await person.composer.fill(text);
  await person.page.getByTestId("send").click();
}

async function answers(person, words) {
  await answer(person).getByText(words).first().waitFor();
}

async function emptied({ composer }) {
  await until("the box is empty", async () => (await composer.inputValue()) === "");
}

async function confirm(person, words) {
  await answers(person, words);
  await until("nothing is destroyed by one key too many", () => {
    return person.page.getByTestId("answer-cancel").evaluate((button) => button === document.activeElement);
  });
  await person.page.getByTestId("answer-confirm").click();
}

story("commands are completed at the beginning of a text, only those that one may use", OPEN, async (stage) => {
  const anna = await stage.enter("Anna");
  const { page, composer } = anna;
  const list = page.getByTestId("completion");
  const names = () => page.locator('[data-testid="completion-option"] .proposal-name').allInnerTexts();

  await composer.pressSequentially("/");
  await list.waitFor();
  assert.equal(await composer.getAttribute("aria-activedescendant"), "completion-0");
  const [above, below] = [await list.boundingBox(), await composer.boundingBox()];
  assert.ok(above.y > 0 && above.y + above.height <= below.y, "it stands above the box");
  assert.deepEqual((await names()).filter((name) => ["/kick", "/ban", "/announce", "/role", "/slow"].includes(name)), []);
  await composer.pressSequentially("h");
  await until("one is left", async () => (await names()).join() === "/help");
  await list.getByText("Show the commands that you can use here").waitFor();
  await composer.press("Tab");
  assert.equal(await composer.inputValue(), "/help ");
  await composer.press("Enter");
  await answers(anna, "/shrug");
  await emptied(anna);
  assert.equal(await answer(anna).getByText("/kick").count(), 0);
  assert.equal(await anna.messages.count(), 0, "nobody else sees it");
  await composer.press("Escape");
  await answer(anna).waitFor({ state: "detached" });

  await composer.pressSequentially("／wh");
  await list.getByText("/who").waitFor();
  await composer.press("Enter");
  assert.equal(await composer.inputValue(), "/who ");
  await composer.press("Enter");
  await answers(anna, "Anna");

  // What is written whole is run by the first Enter.
  await composer.pressSequentially("/stats");
  await list.waitFor();
  await composer.press("Enter");
  await answers(anna, "Members of this room:");
  await emptied(anna);
  await composer.pressSequentially("see /he");
  assert.equal(await list.isVisible(), false);
  await composer.fill("");

  const client = await page.context().newCDPSession(page);
  await client.send("Input.imeSetComposition", { text: "／he", selectionStart: 3, selectionEnd: 3 });
  assert.equal(await list.isVisible(), false, "an input method composes");
  await client.send("Input.insertText", { text: "／he" });
  await list.waitFor();
  await anna.switchLanguage("ja");
  await composer.fill("");
  await composer.pressSequentially("/he");
  await list.getByText("ここで使えるコマンドを表示").waitFor();
});

story("what is no command is not sent, and two slashes send it as it is", OPEN, async (stage) => {
  const anna = await stage.enter("Anna");
  await command(anna, "/ect/hosts is wrong");
  await answers(anna, "There is no command /ect/hosts.");
  assert.equal(await anna.composer.inputValue(), "/ect/hosts is wrong");
  assert.equal(await anna.messages.count(), 0);
  await command(anna, "//etc/hosts is wrong");
  await anna.sees("/etc/hosts is wrong");
  await command(anna, "/kick Bob");
  await answers(anna, "You may not use /kick in this room.");
  await command(anna, "/me");
  await answers(anna, "Write it like this: /me does something");
  assert.equal(await anna.composer.inputValue(), "/me");
});

story("a guest says, shrugs, walks around, is away and deletes by commands", OPEN, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.member("Bert").waitFor();
  await command(anna, "/me waves");
  await anna.sees("waves");
  await anna.messages.last().locator("em").getByText("waves").waitFor();
  await bert.frame("what Anna does", (frame) => frame.content === "*waves*");
  await command(anna, "/shrug no idea");
  await anna.sees("waves", "no idea ¯\\_(ツ)_/¯");

  await command(anna, "/who");
  await answers(anna, "Bert");
  await command(anna, "/away");
  await answers(anna, "Others see you as away");
  await bert.frame("the absence", (frame) => frame.type === "presence" && frame.status === "away");
  await command(anna, "/away");
  await bert.frame("the return", (frame) => frame.type === "presence" && frame.status === "online" && frame.user === "Anna");

  await command(anna, "/nick Annika");
  await answers(anna, "Guests keep the name that they came with.");

  await command(anna, "/delete");
  await answers(anna, "Delete this message for everybody?");
  await anna.page.getByTestId("answer-cancel").click();
  await answer(anna).waitFor({ state: "detached" });
  await anna.composer.press("Enter");
  await confirm(anna, "Delete this message for everybody?");
  await anna.page.getByTestId("tombstone").waitFor();
  await emptied(anna);

  await command(anna, "/join #kitchen");
  await until("the room is open", async () => (await anna.openRoom()) === "kitchen");
  await anna.composer.pressSequentially("/join gen");
  await anna.page.getByTestId("completion").getByText("general").waitFor();
  await anna.composer.press("Tab");
  assert.equal(await anna.composer.inputValue(), "/join #general ");
  await anna.composer.press("Enter");
  await until("the room is open", async () => (await anna.openRoom()) === "general");
  await command(anna, "/leave");
  await until("the other room is open", async () => (await anna.openRoom()) === "kitchen");
});

story("whoever keeps order does it by commands, after a question where something is destroyed", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  const eva = await stage.enter("Eva Maria");
  await olga.member("Bert").waitFor();
  await olga.member("Eva Maria").waitFor();

  await command(olga, "/topic Tea at four");
  await bert.page.getByTestId("topic").getByText("Tea at four").waitFor();
  await command(olga, "/topic");
  await answers(olga, "Tea at four");
  await command(olga, "/topic -");
  await bert.page.getByTestId("topic").getByText("Tea at four").waitFor({ state: "detached" });

  await command(olga, "/mute Bert 10m too loud");
  await answers(olga, "Bert is muted. For 10 minutes.");
  await bert.page.getByTestId("composer-barrier").getByText("for 10 minutes more. The reason: too loud").waitFor();
  await command(olga, "/unmute @Bert");
  await answers(olga, "Bert may write again.");
  await bert.page.getByTestId("composer-barrier").waitFor({ state: "detached" });

  await olga.composer.pressSequentially("/kick eva");
  await olga.page.getByTestId("completion").getByText("Eva Maria").waitFor();
  await olga.composer.press("Tab");
  assert.equal(await olga.composer.inputValue(), "/kick @Eva Maria ");
  await olga.composer.pressSequentially("wrong room");
  await olga.composer.press("Enter");
  await confirm(olga, "Remove Eva Maria from general?");
  await answers(olga, "Eva Maria is not in this room any more.");
  await eva.notice.getByText("Olga removed you from general. The reason: wrong room").waitFor();

  await command(olga, "/ban Bert 1h");
  await confirm(olga, "Ban Bert from general? For 1 hour.");
  await bert.notice.getByText("Olga removed you from general.").waitFor();
  await command(olga, "/unban Bert");
  await answers(olga, "Bert may come in again.");
  await bert.page.getByTestId("go-general").click();
  await bert.composer.waitFor();
  await olga.member("Bert").waitFor();

  await command(olga, "/role Bert moderator");
  await answers(olga, "Bert is a moderator of this room now.");
  await command(olga, "/role Bert member");
  await answers(olga, "Bert is not a moderator of this room any more.");
  await command(olga, "/slow 30s");
  await answers(olga, "Members wait 30 seconds between two messages now.");
  await command(olga, "/slow off");
  await answers(olga, "Nobody has to wait any more.");
  await command(olga, "/announce Maintenance at six");
  await bert.notice.getByText("Olga announces: Maintenance at six").waitFor();
  await command(olga, "/nick Olga II");
  await answers(olga, "You are called Olga II now.");
  await command(olga, "/archive");
  await answers(olga, "You may not use /archive in this room.");
  await olga.join("kitchen");
  await bert.open("kitchen");
  await command(olga, "/archive");
  await confirm(olga, "Archive kitchen?");
  await bert.page.getByTestId("composer-closed").waitFor();
});

story("private rooms have /invite, and leaving them is asked", OPEN, async (stage) => {
  const hanako = await account(stage, "花子");
  const taro = await account(stage, "太郎");
  const { page } = hanako;
  await page.getByTestId("new-room-open").click();
  await page.getByTestId("new-private-open").click();
  await page.getByTestId("room-title").fill("Plans");
  await page.getByTestId("new-private-create").click();
  await page.getByRole("heading", { level: 1, name: "Plans" }).waitFor();
  await command(hanako, "/invite 太郎");
  await answers(hanako, "太郎 is in this room now.");
  await taro.notice.getByText("花子 invited you to Plans.").waitFor();
  await command(hanako, "/invite nobody");
  await answers(hanako, "There is nobody of that name.");
  assert.equal(await hanako.composer.inputValue(), "/invite nobody");
  await command(hanako, "/leave");
  await page.getByText("you can come back only when somebody in it invites you").waitFor();
  await page.getByTestId("parting-confirm").click();
  await until("another room is open", async () => (await hanako.openRoom()) === "general");
});

story("a command that is sent before its code is there waits for it", { ...OPEN, missing: true }, async (stage) => {
  const context = await stage.context();
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await context.route((url) => url.pathname.includes("/split_writing."), async (route) => {
    await held;
    await route.continue();
  });
  const anna = await stage.enter("Anna", { context });
  await anna.composer.fill("/who");
  await anna.composer.press("Enter");
  assert.equal(await anna.messages.count(), 0);
  assert.equal(await anna.composer.inputValue(), "/who");
  letGo();
  await answers(anna, "Anna");
  await emptied(anna);
});

for (const screen of Object.keys(SCREENS)) {
  story(`commands and their answers: pictures, axe, nothing sideways, one language: ${screen}`, OPEN, async (stage) => {
    const same = ["Hiroba", "general", "Enter", "Shift", "Ctrl", "Alt", "Esc", "Home", "End", "Olga", "Bert", "nonsense"];
    const names = /^(help|me|msg|shrug|join|leave|invite|topic|who|stats|away|nick|delete|kick|mute|unmute|ban|unban|role|slow|archive|announce)$/;
    const pictures = new Pictures(screen, "commands", same, (word) => names.test(word));
    const olga = await owner(stage, pictures.options);
    const bert = await stage.wire("Bert");
    await bert.post("general", "こんにちは");
    const { page, composer } = olga;
    const look = (what) => pictures.take(page, what);
    await composer.pressSequentially("/");
    await page.getByTestId("completion").waitFor();
    await look("list");
    await composer.fill("");
    await command(olga, "/help");
    await answer(olga).waitFor();
    await look("help");
    await command(olga, "/who");
    await answer(olga).getByText("Bert").waitFor();
    await look("who");
    await command(olga, "/stats");
    await look("stats");
    await command(olga, "/nonsense");
    await look("unknown");
    await command(olga, "/ban");
    await look("usage");
    await command(olga, "/ban Bert 10m 宣伝");
    await page.getByTestId("answer-confirm").waitFor();
    await look("question");
    await page.getByTestId("answer-cancel").click();
    await page.keyboard.press("Control+/");
    await page.getByTestId("help-commands").waitFor();
    await page.getByTestId("help-commands").scrollIntoViewIfNeeded();
    await look("keys");
    assert.deepEqual(pictures.findings, {});
  });
}
