import assert from "node:assert/strict";
import { test } from "node:test";

import { Controls, controlsOfTheSource } from "../harness/controls.js";
import { meddle } from "../harness/meddler.js";
import { lives } from "../harness/page_end.js";
import { hoverTop } from "../harness/tall_row.js";
import { isPieceOf } from "../harness/pieces.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const controls = new Controls();

/** Opens a tab in which the use of controls is recorded. */
async function enter(stage, name, { path, meddler, ...options } = {}) {
  const context = await stage.context(options);
  await controls.follow(context);
  const line = meddler && (await meddle(context, meddler));
  const person = await stage.enter(name, { context, path });
  return { person, page: person.page, click: (testid) => person.page.getByTestId(testid).first().click(), line };
}

/** Returns the messages with this in their own text: a reply also quotes another one's. */
function withText(person, text) {
  return person.messages.filter({ has: person.page.getByTestId("message-text").filter({ hasText: text }) });
}

async function menuOf(person, text) {
  const row = withText(person, text).first();
  await row.hover();
  await row.getByTestId("tool-more").click();
  await person.page.getByRole("menu").waitFor();
}

story("each control of a message, and of what is shown about it, does its work", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const { person: anna, page, click } = await enter(stage, "Anna");
  const own = withText(anna, "page of mine");
  // Of the pages of the server only this one has an icon, which browsers ask for.
  await anna.composer.fill(`see ${stage.url}/r/general, a page of mine`);
  await click("send");
  await own.waitFor();
  await anna.allSent();
  const seq = Number(await own.getAttribute("data-seq"));
  const opened = page.context().waitForEvent("page");
  await click("text-link");
  await (await opened).close();
  await click("preview");
  await anna.composer.fill("||a secret||");
  await page.getByTestId("preview-text").getByTestId("spoiler").click();
  await page.getByTestId("preview-text").getByText("a secret").waitFor();
  await click("preview");
  await anna.composer.fill("");
  await bert.post("general", "```\ncode\n```\nin #general");
  await withText(anna, "in #general").getByTestId("code-copy").click();
  await anna.notice.waitFor();
  await click("notice-dismiss");
  await click("text-room");

  await own.hover();
  await click("tool-react");
  await page.getByTestId("emoji-search").fill("party");
  await page.getByRole("gridcell", { name: /🎉/ }).first().click();
  await page.getByTestId("reaction").filter({ hasText: "🎉" }).click();
  await page.getByTestId("reaction").waitFor({ state: "detached" });
  await menuOf(anna, "page of mine");
  await click("menu-quick");
  await page.getByTestId("reaction").waitFor();
  await click("reaction-more");
  await click("emoji-tab");
  await page.getByTestId("emoji-tone").focus();
  await page.keyboard.press("ArrowDown");
  await page.getByTestId("emoji").first().waitFor();
  await page.keyboard.press("Escape");
  await menuOf(anna, "page of mine");
  await click("menu-react");
  await page.getByTestId("emoji-search").waitFor();
  await page.keyboard.press("Escape");

  await own.hover();
  await click("tool-reply");
  await click("reply-cancel");
  await menuOf(anna, "page of mine");
  await click("menu-reply");
  await anna.say("an answer");
  await anna.allSent();
  await click("quote");
  await menuOf(anna, "page of mine");
  await click("menu-replies");
  await page.getByTestId("card").filter({ hasText: "an answer" }).waitFor();
  await click("replies-reply");
  await anna.page.keyboard.press("Escape");
  await click("card-go");
  await click("details-close");

  await own.hover();
  await click("tool-edit");
  await click("edit-cancel");
  await menuOf(anna, "page of mine");
  await click("menu-edit");
  await page.getByTestId("edit-input").fill("a page of mine, edited");
  await click("edit-save");
  await page.getByTestId("edited").waitFor();
  await menuOf(anna, "page of mine");
  await click("menu-versions");
  await page.getByTestId("version").first().waitFor();
  await click("versions-close");

  await menuOf(anna, "page of mine");
  await click("menu-author");
  await click("person-messages");
  await page.getByTestId("search-results").waitFor();
  await click("details-close");
  for (const copied of ["menu-copy-link", "menu-copy-text"]) {
    await menuOf(anna, "page of mine");
    await click(copied);
    await anna.notice.waitFor();
    await click("notice-dismiss");
    await anna.notice.waitFor({ state: "detached" });
  }
  await menuOf(anna, "page of mine");
  await click("menu-pin");
  await click("pins-open");
  await page.getByTestId("card").waitFor();
  await click("details-close");
  await bert.post("general", "look");
  await anna.sees("look");
  await menuOf(anna, "look");
  await click("menu-unread");
  await anna.divider.waitFor();
  await menuOf(anna, "page of mine");
  await click("menu-delete");
  await click("delete-cancel");
  await menuOf(anna, "page of mine");
  await click("menu-delete");
  await click("delete-confirm");
  await anna.messages.and(page.locator(`[data-seq="${seq}"]`)).getByTestId("tombstone").waitFor();

  await anna.composer.fill("@");
  await click("completion-option");
  await until("a name is there", async () => (await anna.composer.inputValue()).length > 2);
  await anna.composer.fill("");
  await lives(page, "at the end");
});

story("each control of rooms, members, search and settings does its work", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 300, (number) => `report ${number}`);
  await bert.finds("report");
  const { person: anna, page, click } = await enter(stage, "Anna");
  await page.getByTestId("skip").press("Enter");
  await until("the box has the focus", () => anna.composer.evaluate((box) => box === document.activeElement));
  await anna.sees("report 300");
  await anna.timeline.evaluate((view) => (view.scrollTop = 0));
  await click("jump-latest");

  const field = page.locator('input[data-testid="search-input"]:visible');
  await field.fill("report");
  await field.press("Enter");
  await page.getByTestId("search-more").waitFor();
  // A pointer would scroll there, and the page would then load more by itself.
  await page.getByTestId("search-more").evaluate((button) => button.focus({ preventScroll: true }));
  const shown = page.getByTestId("search-results").getByTestId("card");
  const before = await shown.count();
  await page.keyboard.press("Enter");
  await until("more is shown", async () => (await shown.count()) > before);
  await click("search-clear");
  await click("details-close");
  await click("members-open");
  await click("members-open");

  await anna.join("kitchen");
  await click("switcher-open");
  await page.getByTestId("switcher-input").fill("gen");
  await click("switcher-option");
  await until("the room is open", async () => (await anna.openRoom()) === "general");
  await page.locator('[data-room="general"]').getByTestId("room-link").click();
  await anna.openSettings();
  await click("help-open");
  await click("help-close");
  await click("lang-ja");
  await click("lang-en");
  await page.getByTestId("theme-select").focus();
  await page.keyboard.press("ArrowDown");
  await until("another one is chosen", async () => (await page.getByTestId("theme-select").inputValue()) !== "system");
  await click("settings-close");

  await click("room-menu-open");
  await click("copy-room-link");
  await click("notice-dismiss");
  for (const signs of [1, 0]) {
    await click("room-menu-open");
    await click("mute-room");
    await until("the list says so", async () => (await anna.room("general").getByText("Muted").count()) === signs);
  }
  for (const name of ["density", "motion", "send"]) {
    await anna.openSettings();
    await page.getByTestId(`${name}-select`).focus();
    await page.keyboard.press("ArrowDown");
    await click("settings-close");
  }
  await anna.composer.fill("not finished");
  await click("room-menu-open");
  await click("leave-room");
  await click("parting-cancel");
  await click("room-menu-open");
  await click("leave-room");
  await click("parting-confirm");
  await until("the other room is open", async () => (await anna.openRoom()) === "kitchen");
  await click("room-menu-open");
  await click("leave-room");
  await click("go-general");
  await anna.composer.waitFor();
  await anna.openSettings();
  await click("sign-out");
  await page.getByTestId("name-input").waitFor();
  await lives(page, "at the end");
});

story("each control of a narrow screen does its work", FAST, async (stage) => {
  const { person: anna, page, click } = await enter(stage, "Anna", PHONE);
  await click("drawer-open");
  await click("drawer-close");
  await click("search-open");
  await page.locator('input[data-testid="search-input"]:visible').fill("report");
  await click("details-close");
  await anna.composer.waitFor();
  await lives(page, "at the end");
});

story("each control that helps where something failed or is long does its work", { ...FAST, offline: true }, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 200);
  const refused = new Set();
  const refuse = ({ id, client_message_id, room }, answer) => {
    const timestamp = new Date().toISOString();
    answer({ type: "error", code: "unavailable", message: "not now", id, client_message_id, room, timestamp });
  };
  const toServer = (frame, answer) => {
    const wanted = frame.type === "history" ? frame.before !== undefined : ["list_pins", "chat"].includes(frame.type);
    // Refuses only the first attempt of each message.
    const key = `${frame.type} ${frame.content}`;
    if (!wanted || refused.has(key)) return frame;
    refused.add(key);
    return refuse(frame, answer);
  };
  const toPage = (frame) => {
    if (frame.type === "joined" && frame.snapshot) return { ...frame, member_count: frame.member_count + 500 };
    return frame;
  };
  const { person: anna, page, click, line } = await enter(stage, "Anna", { meddler: { toServer, toPage } });
  await anna.sees("message 200");
  await click("members-more");
  await anna.timeline.evaluate((view) => (view.scrollTop = 0));
  await click("edge-again");
  await page.getByTestId("edge-again").waitFor({ state: "detached" });
  await click("pins-open");
  await click("listing-again");
  await page.getByTestId("listing-again").waitFor({ state: "detached" });

  await anna.say("given up");
  await click("message-discard");
  await anna.message("given up").waitFor({ state: "detached" });
  await anna.say("tried again");
  await click("message-retry");
  await bert.frame("the message", (frame) => frame.content === "tried again");
  await anna.allSent();

  // More than one page of 64 KiB.
  for (let number = 1; number <= 30; number += 1) {
    const content = `answer ${number} ${"x".repeat(3_000)}`;
    await bert.ask({ type: "chat", room: "general", content, reply_to: 200, client_message_id: crypto.randomUUID() });
  }
  await page.goto(`${stage.url}/r/general/m/200`);
  await withText(anna, "message 200").and(page.locator("[data-found]")).waitFor();
  await menuOf(anna, "message 200");
  await click("menu-replies");
  await click("listing-more");
  await page.getByTestId("listing-more").waitFor({ state: "detached" });
  await click("details-close");
  const last = await bert.post("general", "text 0");
  for (let number = 1; number <= 9; number += 1) {
    const content = `text ${number} ${"長".repeat(3_900)}`;
    await bert.ask({ type: "edit_message", room: "general", target: last.seq, content });
  }
  await click("jump-latest");
  const edited = withText(anna, "text 9").first();
  await hoverTop(edited);
  await edited.getByTestId("tool-more").click();
  await click("menu-versions");
  await click("versions-more");
  await page.getByTestId("version").filter({ hasText: "text 0" }).waitFor();
  await click("versions-close");

  await line.cut();
  await anna.banner.waitFor();
  line.mend();
  await click("banner-retry");
  await anna.back();
  await lives(page, "at the end");
});

story("each control of a part that did not come does its work", { ...FAST, missing: true }, async (stage) => {
  const { person: anna, page, click } = await enter(stage, "Anna");
  const panels = isPieceOf("panels");
  await page.route(panels, (route) => route.abort());
  await page.reload();
  await click("pins-open");
  await click("later-again");
  await page.unroute(panels);
  await click("later-reload");
  await anna.composer.waitFor();
  await lives(page, "at the end");
});

story("the screen of a fault offers to reload", FAST, async (stage) => {
  const { person: anna, page } = await enter(stage, "Anna");
  await page.evaluate(() => document.querySelector("#crash").removeAttribute("hidden"));
  await page.getByTestId("reload").first().click();
  await page.locator("#crash").waitFor({ state: "hidden" });
  await anna.composer.waitFor();
});

story("each control of accounts does its work", { flags: ["--sign-up", "open"], refused: true }, async (stage) => {
  const PASSWORD = "an uncommon password";
  const context = await stage.context();
  await controls.follow(context);
  const anna = await stage.visitor({ context });
  const { page } = anna;
  const click = (testid) => page.getByTestId(testid).click();
  await anna.openAccountForm();
  await click("account-back");
  await page.getByTestId("name-input").waitFor();
  await click("account-open");
  await click("account-switch");
  await page.getByRole("heading", { name: "Create an account" }).waitFor();
  await click("account-switch");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await click("account-back");
  await anna.enter("Anna");
  await anna.openSettings();
  await click("account-create");
  await page.getByTestId("account-name").fill("Annika");
  await page.getByTestId("account-password").fill(PASSWORD);
  await page.getByTestId("account-form-show").check();
  assert.equal(await page.getByTestId("account-password").getAttribute("type"), "text");
  await click("account-form-send");

  await click("profile-edit");
  await page.getByTestId("profile-reading").fill("あんな");
  await page.getByTestId("profile-status").fill("nothing");
  await click("profile-clear");
  await page.getByTestId("profile-usual").last().click();
  await page.getByTestId("profile-emoji").fill("🍜");
  for (const choice of ["profile-status-until", "profile-quiet"]) {
    await page.getByTestId(choice).focus();
    await page.keyboard.press("ArrowDown");
  }
  await page.getByTestId("profile-colour").nth(2).check();
  await page.getByTestId("profile-time").check();
  await click("profile-save");
  await page.getByTestId("profile-edit-done").getByText("Saved").waitFor();
  await click("settings-close");
  await click("member-open");
  await click("person-messages");
  await page.getByTestId("search-results").waitFor();
  await click("members-open");
  await click("member-open");
  await click("person-edit");
  await click("name-change");
  await page.getByTestId("new-name").fill("Anni");
  await click("name-form-send");
  await page.getByText("The name is changed.").waitFor();
  await click("password-change");
  await page.getByTestId("present-password").fill(PASSWORD);
  await page.getByTestId("new-password").fill("another uncommon one");
  await page.getByTestId("password-form-show").check();
  await click("password-form-send");
  await page.getByText("The password is changed.").waitFor();
  const phone = await stage.visitor();
  await phone.signIn("Anni", "another uncommon one");
  await click("settings-close");
  await anna.openSettings();
  await click("session-end");
  await phone.page.locator("#gate").waitFor();
  await click("sign-out");
  await page.getByTestId("account-back").waitFor();
  await anna.sendAccountForm("Anni", "another uncommon one");
  await anna.openSettings();
  await Promise.all([page.waitForEvent("download"), click("download")]);
  await click("deletion");
  await page.getByTestId("deletion-messages").check();
  await page.getByTestId("deletion-password").fill("another uncommon one");
  await page.getByTestId("deletion-form-show").check();
  await click("deletion-form-send");
  await page.locator("#gate").waitFor();
});

story("each control of private rooms does its work", { flags: ["--sign-up", "open", "--rate-limits", "off"] }, async (stage) => {
  const context = await stage.context();
  await controls.follow(context);
  const anna = await stage.visitor({ context });
  const { page } = anna;
  const click = (testid) => page.getByTestId(testid).first().click();
  await anna.signUp("Anna", "an uncommon password");
  const bert = await stage.wire("Bert");
  await anna.member("Bert").waitFor();
  await click("new-room-open");
  await click("new-room-close");
  await click("new-room-open");
  await click("new-private-open");
  await click("new-private-cancel");
  await click("new-room-open");
  await click("new-private-open");
  await page.getByTestId("room-title").fill("Plans");
  await page.getByTestId("room-topic").fill("for the winter");
  for (const act of [() => click("new-room-person-add"), () => click("person-option")]) {
    await page.getByTestId("new-room-person").fill("Bert");
    await act();
    await page.getByTestId("person-chip").waitFor();
    await click("person-chip-drop");
    await page.getByTestId("person-chip").waitFor({ state: "detached" });
  }
  await click("new-private-create");
  await click("room-menu-open");
  await click("room-details-open");
  await click("room-edit");
  await click("room-edit-cancel");
  await click("room-edit");
  await page.getByTestId("room-description").fill("What we do when it snows.");
  await click("room-edit-save");
  await page.getByTestId("told-description").waitFor();
  await page.getByTestId("invite-name").fill("Bert");
  await click("invite-name-add");
  await page.getByTestId("invited").getByText("Bert").waitFor();
  await click("room-details-close");
  const { room } = await bert.frame("the invitation", ({ type }) => type === "entered");
  await bert.join(room);

  await anna.member("Bert").getByTestId("member-open").click();
  await click("person-role");
  await page.getByTestId("person-moderates").waitFor();
  await click("person-remove");
  await click("removal-cancel");
  await bert.post(room, "good bye");
  await anna.sees("good bye");
  await anna.member("Bert").getByTestId("member-open").click();
  await click("person-remove");
  await page.getByTestId("removal-reason").fill("by mistake");
  await click("removal-confirm");
  await bert.frame("the removal", ({ type, by }) => type === "left" && by?.user === "Anna");
  await anna.message("good bye").getByTestId("message-author").click();
  await click("person-invite");
  await anna.member("Bert").waitFor();
  await click("room-menu-open");
  await click("invite-open");
  await until("the field has the focus", () => page.getByTestId("invite-name").evaluate((field) => field === document.activeElement));
  await lives(page, "at the end");
});

story("each control of moderation and of the answers of commands does its work", FAST, async (stage) => {
  const context = await stage.context();
  await controls.follow(context);
  const olga = await stage.visitor({ context });
  const { page } = olga;
  const click = (testid) => page.getByTestId(testid).first().click();
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", "an uncommon password");
  await olga.join("kitchen");
  const bert = await stage.wire("Bert", { rooms: ["kitchen"] });
  await olga.member("Bert").getByTestId("member-open").click();
  await click("person-ban");
  await click("restriction-cancel");
  await olga.member("Bert").getByTestId("member-open").click();
  await click("person-mute");
  await page.getByTestId("restriction-time").focus();
  await page.keyboard.press("ArrowDown");
  await page.getByTestId("restriction-reason").fill("too loud");
  await click("restriction-confirm");
  await page.getByTestId("restriction-confirm").waitFor({ state: "detached" });
  await click("room-menu-open");
  await click("room-details-open");
  await click("restriction-lift");
  await page.getByTestId("no-restrictions").waitFor();
  await page.getByTestId("slow-mode").focus();
  await page.keyboard.press("ArrowDown");
  await bert.frame("slow mode", (frame) => frame.details?.slow_seconds === 5);
  await page.getByTestId("keep-room").click();
  await bert.frame("that the room stays", (frame) => frame.details?.permanent === true);
  await click("archive-open");
  await click("archive-cancel");
  await click("archive-open");
  await click("archive-confirm");
  await bert.frame("that the room is closed", (frame) => frame.details?.archived === true);
  await click("archive-open");
  await click("archive-confirm");
  await click("room-details-close");
  await olga.composer.fill("/who");
  await click("send");
  await click("answer-close");
  await olga.composer.fill("/kick Bert");
  await click("send");
  await click("answer-cancel");
  await click("send");
  await click("answer-confirm");
  await bert.frame("the removal", (frame) => frame.type === "left" && frame.by?.user === "Olga");
  await lives(page, "at the end");
});

story("each control of reports and of links into rooms does its work", FAST, async (stage) => {
  const context = await stage.context();
  await controls.follow(context);
  const olga = await stage.visitor({ context });
  const { page } = olga;
  const click = (testid) => page.getByTestId(testid).first().click();
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", "an uncommon password");
  const bert = await stage.wire("Bert");
  const eva = await stage.wire("Eva");
  const seqs = [];
  for (let number = 1; number <= 7; number += 1) seqs.push((await bert.post("general", `${number} ${"あ".repeat(3_900)}`)).seq);
  await bert.post("general", "look at me");
  await olga.sees("look at me");
  for (const seq of seqs) {
    const answer = await fetch(`${stage.server.url}/api/v1/rooms/general/messages/${seq}/reports`, {
      method: "POST",
      headers: { authorization: `Bearer ${eva.welcome.session}`, "content-type": "application/json" },
      body: "{}",
    });
    assert.equal(answer.status, 204);
  }
  await menuOf(olga, "look at me");
  await click("menu-report");
  await click("report-cancel");
  await menuOf(olga, "look at me");
  await click("menu-report");
  await page.getByTestId("report-reason").fill("why not");
  await click("report-send");
  await click("report-done");
  await click("room-menu-open");
  await click("reports-open");
  await page.getByTestId("report").first().waitFor();
  await click("reports-more");
  await until("all are listed", async () => (await page.getByTestId("report").count()) === 8);
  await click("report-delete");
  await click("delete-cancel");
  await click("report-mute");
  await click("restriction-cancel");
  await click("report-ban");
  await click("restriction-cancel");
  await click("report-settle");
  await page.getByTestId("report-note").fill("it is fine");
  await click("report-settled");
  await until("one is settled", async () => (await page.getByTestId("report").count()) < 8);
  await click("reports-close");
  await click("room-menu-open");
  await click("reports-open");
  await click("report-go");

  await click("room-menu-open");
  await click("invite-open");
  for (const choice of ["room-link-time", "room-link-uses"]) {
    await page.getByTestId(choice).focus();
    await page.keyboard.press("ArrowUp");
  }
  await click("room-link-make");
  const link = await page.getByTestId("made-link").inputValue();
  await click("made-link");
  await click("made-copy");
  const visitor = async () => {
    const context = await stage.context();
    await controls.follow(context);
    const carol = await stage.visitor({ context });
    await carol.enter("Carol", new URL(link).hash.replace(/^/, "/"));
    return carol;
  };
  await (await visitor()).page.getByTestId("joining-cancel").click();
  const carol = await visitor();
  await carol.page.getByTestId("joining-confirm").click();
  await carol.page.getByTestId("joining-confirm").waitFor({ state: "detached" });
  await click("room-link-withdraw");
  await page.getByTestId("link-into-room").waitFor({ state: "detached" });
  await lives(page, "at the end");
});

story("each control of direct conversations does its work", { flags: ["--sign-up", "open", "--rate-limits", "off"] }, async (stage) => {
  const context = await stage.context();
  await controls.follow(context);
  const anna = await stage.visitor({ context });
  const { page } = anna;
  const click = (testid) => page.getByTestId(testid).first().click();
  const heading = (name) => page.getByRole("heading", { level: 1 }).getByText(name).waitFor();
  await anna.signUp("Anna", "an uncommon password");
  const bert = await stage.wire("Bert");
  await bert.post("general", "hello from me");
  await anna.sees("hello from me");
  await click("new-message-open");
  await click("new-message-cancel");
  await click("new-message-open");
  await page.getByTestId("new-message-person").fill("Bert");
  await click("new-message-person-add");
  await click("person-chip-drop");
  await page.getByTestId("new-message-person").fill("Be");
  await click("person-option");
  await click("new-message-start");
  await heading("Bert");
  await click("room-menu-open");
  await click("leave-room");
  await until("general is open", async () => (await anna.openRoom()) === "general");
  await anna.message("hello from me").hover();
  await anna.message("hello from me").getByTestId("tool-more").click();
  await click("menu-write-to");
  await heading("Bert");
  await anna.open("general");
  await anna.member("Anna").getByTestId("member-open").click();
  await click("person-write");
  await heading("Notes to yourself");
  await lives(page, "at the end");
});

story("each control of what an account prefers does its work", { flags: ["--sign-up", "open", "--rate-limits", "off"] }, async (stage) => {
  const context = await stage.context();
  await controls.follow(context);
  const anna = await stage.visitor({ context });
  const { page } = anna;
  const click = (testid) => page.getByTestId(testid).first().click();
  const favourites = (...names) =>
    until(`the favourites are ${names}`, async () => {
      const shown = await page.getByTestId("favourites").getByTestId("room-item").evaluateAll((rows) => rows.map((row) => row.dataset.room));
      return JSON.stringify(shown) === JSON.stringify(names);
    });
  await anna.signUp("Anna", "an uncommon password");
  const bert = await stage.visitor();
  await bert.signUp("Bert", "an uncommon password");
  await bert.say("hello from me");
  await anna.sees("hello from me");
  await click("room-menu-open");
  await click("favourite");
  await favourites("general");
  await anna.join("tea");
  await click("room-menu-open");
  await click("favourite");
  await favourites("general", "tea");
  await click("room-menu-open");
  await click("favourite-up");
  await favourites("tea", "general");
  await click("room-menu-open");
  await click("favourite-down");
  await favourites("general", "tea");
  await click("room-menu-open");
  await click("favourite");
  await favourites("general");

  await anna.open("general");
  await anna.message("hello from me").hover();
  await anna.message("hello from me").getByTestId("tool-more").click();
  await click("menu-block");
  await click("block-cancel");
  await anna.member("Bert").getByTestId("member-open").click();
  await click("person-block");
  await click("block-confirm");
  await page.getByTestId("block-confirm").waitFor({ state: "detached" });
  await click("folded-show");
  await anna.sees("hello from me");
  await anna.openSettings();
  await click("unblock");
  await page.getByTestId("blocked-none").waitFor();
  await click("settings-close");
  await lives(page, "at the end");
});

story("each control of whoever decides who may come in does its work", { refused: true }, async (stage) => {
  const PASSWORD = "an uncommon password";
  const context = await stage.context();
  await controls.follow(context);
  const olga = await stage.visitor({ context });
  const { page } = olga;
  const click = (testid) => page.getByTestId(testid).click();
  await olga.followLink(await stage.server.ownerLink());
  await page.getByTestId("sign-up-rule").press("ArrowUp");
  assert.equal(await page.getByTestId("sign-up-rule").inputValue(), "open");
  await olga.sendAccountForm("Olga", PASSWORD);
  await olga.composer.waitFor();
  await olga.administer("settings");
  await page.getByTestId("guests-welcome").uncheck();
  await page.getByText("Saved.").waitFor();
  await page.locator('[data-section="invitations"]').click();
  await page.getByTestId("invite-days").press("ArrowUp");
  await page.getByTestId("invite-uses").press("ArrowDown");
  assert.equal(await page.getByTestId("invite-uses").inputValue(), "10");
  await click("invite-make");
  await page.getByTestId("made-link").click();
  const { hash } = new URL(await page.getByTestId("made-link").inputValue());
  await click("made-copy");
  await page.getByTestId("made-copied").getByText(/copied|selected/).waitFor();
  await click("invitation-withdraw");
  await page.getByTestId("admin-none").waitFor();
  await olga.followLink(hash);
  await click("link-leave");
  await olga.composer.waitFor();
  await lives(page, "at the end");
});

story("each control of the administration does its work", { flags: ["--sign-up", "open", "--rate-limits", "off"], refused: true, offline: true }, async (stage) => {
  const PASSWORD = "an uncommon password";
  const context = await stage.context(PHONE);
  await controls.follow(context);
  const olga = await stage.visitor({ context });
  const { page } = olga;
  const click = (testid) => page.getByTestId(testid).first().click();
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", PASSWORD);
  const bert = await stage.visitor();
  await bert.signUp("Bert", PASSWORD);
  await bert.join("kitchen");
  await bert.say("hello");
  const eva = await stage.enter("Eva", { path: "/r/kitchen" });
  await eva.sees("hello");
  await eva.report("hello", "");
  const section = async (name) => {
    if (await page.getByTestId("administration-back").isVisible()) await click("administration-back");
    await page.locator(`[data-testid="administration-section"][data-section="${name}"]`).click();
    await page.getByTestId(`admin-${name}`).waitFor();
  };
  await olga.openSettings();
  await click("administration-open");
  const failing = (route) => route.abort();
  await page.route("**/api/v1/users?**", failing);
  await section("people");
  await page.getByTestId("admin-failed").waitFor();
  await page.unroute("**/api/v1/users?**", failing);
  await click("admin-again");
  await page.getByTestId("people-search").fill("bert");
  await until("only Bert is there", async () => (await page.getByTestId("admin-person").count()) === 1);
  await click("person-manage");
  await page.getByTestId("person-role").press("ArrowDown");
  await click("admin-cancel");
  await click("person-reset");
  await click("admin-confirm");
  await page.getByTestId("made-link").waitFor();
  await click("person-server-ban");
  await page.getByTestId("ban-addresses").check();
  await click("ban-cancel");
  await click("person-disable");
  await click("admin-confirm");
  await click("person-enable");
  await click("admin-confirm");
  await page.getByTestId("person-disable").waitFor();
  await page.route("**/api/v1/users?**", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), more: true } });
  }, { times: 1 });
  await page.getByTestId("people-search").fill("");
  await click("admin-more");
  await section("rooms");
  const kitchen = page.getByTestId("admin-room").filter({ hasText: "kitchen" });
  await kitchen.getByTestId("admin-room-keep").check();
  await kitchen.getByTestId("admin-room-archive").click();
  await click("admin-confirm");
  await kitchen.getByText("Archived").waitFor();
  await section("reports");
  await click("admin-report-resolve");
  await click("admin-report-cancel");
  await click("admin-report-resolve");
  await page.getByTestId("admin-report-note").fill("done");
  await click("admin-report-done");
  await page.getByText("Resolved.").waitFor();
  await page.getByTestId("reports-which").press("ArrowDown");
  await page.getByTestId("admin-report").waitFor();
  await click("admin-report-go");
  await page.getByTestId("administration-close").waitFor({ state: "detached" });
  await olga.openSettings();
  await click("administration-open");
  await section("bans");
  await click("server-ban-new");
  await page.getByTestId("ban-kind").press("ArrowDown");
  await page.getByTestId("ban-whom").fill("203.0.113.9");
  await page.getByTestId("ban-time").press("ArrowDown");
  await page.getByTestId("ban-reason").fill("spam");
  await click("ban-confirm");
  await click("server-ban-lift");
  await page.getByTestId("admin-none").waitFor();
  await section("audit");
  await page.getByTestId("audit-entry").first().waitFor();
  await page.getByTestId("audit-act").press("ArrowDown");
  for (const field of ["audit-room", "audit-by", "audit-member"]) await page.getByTestId(field).fill("nobody");
  for (const field of ["audit-since", "audit-until"]) await page.getByTestId(field).pressSequentially("01012020");
  await click("audit-show");
  await page.getByTestId("admin-none").waitFor();
  const downloading = page.waitForEvent("download");
  await click("audit-download");
  await downloading;
  await section("settings");
  await page.getByTestId("announce-text").fill("hello");
  await click("announce-send");
  await page.getByText("Everybody was told.").waitFor();
  await click("administration-close");
  await page.getByTestId("administration-close").waitFor({ state: "detached" });
  await click("administration-open");
  await section("rooms");
  await kitchen.getByTestId("admin-room-open").click();
  await until("the room is open", async () => (await page.getByRole("heading", { level: 1 }).innerText()).includes("kitchen"));
  await lives(page, "at the end");
});

story("each control about a mail address and a forgotten password does its work", { mail: true, flags: ["--sign-up", "open"], refused: true }, async (stage) => {
  const PASSWORD = "an uncommon password";
  const context = await stage.context();
  await controls.follow(context);
  const mina = await stage.visitor({ context });
  const { page } = mina;
  const click = (testid) => page.getByTestId(testid).click();
  await mina.signUp("Mina", PASSWORD);
  await mina.openSettings();
  await click("mail-set");
  await page.getByTestId("mail-new").fill("mina@example.jp");
  await page.getByTestId("mail-password").fill(PASSWORD);
  await page.getByTestId("mail-form-show").check();
  await click("mail-form-send");
  await page.getByTestId("mail-waiting").getByText("mina@example.jp").waitFor();
  await mina.followLink(await stage.mail.link("mina@example.jp", "mail"));
  await click("mail-confirm");
  await page.getByTestId("mail-confirmed").getByText("Mina").waitFor();
  await click("link-leave");
  await mina.composer.waitFor();
  await mina.openSettings();
  await click("mail-removal");
  await page.getByTestId("mail-removal-password").fill(PASSWORD);
  await page.getByTestId("mail-removal-form-show").check();
  await click("mail-removal-form-send");
  await page.getByText("The mail address is removed.").waitFor();
  await click("sign-out");
  await click("forgotten-open");
  await page.getByTestId("forgotten-account").fill("Mina");
  await click("forgotten-form-send");
  await page.getByTestId("forgotten-sent").getByText(/./).waitFor();
  await click("forgotten-back");
  await page.getByTestId("account-form").waitFor();
  await lives(page, "at the end");
});

test("every control in the source of the page, and every one that these stories met, was used by them", async () => {
  const { names, nameless } = await controlsOfTheSource();
  assert.deepEqual(nameless, [], "controls without a data-testid");
  const unused = (found) => [...found].filter((name) => !controls.used.has(name));
  assert.deepEqual(unused(names), [], "controls of the source that no story above uses");
  assert.deepEqual(unused(controls.seen), [], "controls on the pages that no story above uses");
});
