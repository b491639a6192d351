import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { PHONE } from "../harness/pictures.js";
import { accessibilityFindings } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open", "--rate-limits", "off"], refused: true };

/** Somebody in a browser of their own who has become the owner by the link of the server. */
async function owner(stage, options) {
  const olga = await stage.visitor(options);
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", PASSWORD);
  return olga;
}

async function account(stage, name, options) {
  const person = await stage.visitor(options);
  await person.signUp(name, PASSWORD);
  return person;
}

const row = ({ page }, name) => page.getByTestId("admin-person").filter({ hasText: name });

/** Opens what can be done about somebody. */
async function manage(person, name) {
  await row(person, name).getByTestId("person-manage").click();
  return row(person, name);
}

const section = ({ page }, name) => page.locator(`[data-testid="administration-section"][data-section="${name}"]`);

/** The sentences of the audit log, the newest first. */
const log = ({ page }) => page.getByTestId("audit-entry").locator("p:first-child").allInnerTexts();

story("an owner finds people by name, gives roles, disables accounts, and everything is in the log", OPEN, async (stage) => {
  const olga = await owner(stage);
  const { page } = olga;
  const anna = await account(stage, "Anna");
  await account(stage, "Bert");
  await olga.administer("people");
  await until("all are there", async () => (await page.getByTestId("admin-person").count()) === 3);
  assert.deepEqual(await page.getByTestId("admin-person").locator("strong").allInnerTexts(), ["Anna", "Bert", "Olga"]);
  assert.equal(await row(olga, "Olga").getByTestId("person-manage").count(), 0, "nobody manages themselves");
  await page.getByTestId("people-search").fill("ann");
  await until("only Anna is there", async () => (await page.getByTestId("admin-person").count()) === 1);
  await page.getByTestId("people-search").fill("");
  await row(olga, "Bert").waitFor();

  const about = await manage(olga, "Anna");
  await about.getByTestId("person-role").selectOption("admin");
  await about.getByText("Change the role of Anna to Administrator?").waitFor();
  await about.getByTestId("admin-cancel").click();
  assert.equal(await about.getByTestId("person-role").inputValue(), "member", "it is as before");
  await about.getByTestId("person-role").selectOption("admin");
  await about.getByTestId("admin-confirm").click();
  await about.getByText("Done.").waitFor();
  await about.locator(".admin-badge").getByText("Administrator").waitFor();

  const bert = await manage(olga, "Bert");
  await bert.getByTestId("person-disable").click();
  await bert.getByTestId("admin-confirm").click();
  await bert.getByText("Disabled", { exact: true }).waitFor();
  const late = await stage.visitor();
  await late.openAccountForm();
  await late.sendAccountForm("Bert", PASSWORD);
  await late.page.getByTestId("account-form-problem").getByText("This account is disabled.").waitFor();
  await bert.getByTestId("person-enable").click();
  await bert.getByTestId("admin-confirm").click();
  await bert.getByTestId("person-disable").waitFor();
  await late.sendAccountForm("Bert", PASSWORD);
  await late.composer.waitFor();

  await section(olga, "audit").click();
  await page.getByTestId("audit-entry").first().waitFor();
  assert.deepEqual(await log(olga), [
    "Olga enabled the account of Bert again.",
    "Olga disabled the account of Bert.",
    "Olga changed the role of Anna to Administrator.",
    "Olga decided who may come in: everybody creates accounts.",
    "Olga decided who may come in: guests are welcome.",
    "Olga changed the role of Olga to Owner.",
  ]);

  // An administrator sees the same, but not what only owners decide.
  await anna.page.reload();
  await anna.administer("people");
  const over = await manage(anna, "Olga");
  assert.equal(await over.getByTestId("person-role").count(), 0);
  await over.getByTestId("person-disable").click();
  await over.getByTestId("admin-confirm").click();
  await over.getByText("only somebody whose role is above theirs may").waitFor();
  await section(anna, "settings").click();
  await anna.page.getByText("Who may come in is decided by the owners").waitFor();
});

story("whoever is banned in the administration is out until it is lifted there", OPEN, async (stage) => {
  const olga = await owner(stage);
  const { page } = olga;
  const bert = await account(stage, "Bert");
  await olga.administer("bans");
  await page.getByText("Nobody is banned from the server.").waitFor();
  await section(olga, "people").click();
  const about = await manage(olga, "Bert");
  await about.getByTestId("person-server-ban").click();
  await about.getByText("Ban Bert from the server?").waitFor();
  await about.getByTestId("ban-time").selectOption("86400");
  await about.getByTestId("ban-reason").fill("spam");
  await about.getByTestId("ban-confirm").click();
  await about.getByText("Done.").waitFor();
  await bert.banner.getByText("removed you from this server").waitFor();

  await section(olga, "bans").click();
  await page.getByTestId("server-ban-row").getByText("Bert", { exact: true }).waitFor();
  assert.match(await page.getByTestId("server-ban-row").innerText(), /until .* · by Olga · +“spam”/);
  await page.getByTestId("server-ban-new").click();
  await page.getByTestId("ban-kind").selectOption("address");
  await page.getByTestId("ban-whom").fill("not an address");
  await page.getByTestId("ban-confirm").click();
  await page.getByTestId("server-ban").getByText("This is no address that can be banned.").waitFor();
  await page.getByTestId("ban-whom").fill("203.0.113.9");
  await page.getByTestId("ban-time").selectOption("0");
  await page.getByTestId("ban-confirm").click();
  await page.getByTestId("server-ban-row").getByText("203.0.113.9").waitFor();
  await page.getByRole("button", { name: "Lift for Bert" }).click();
  await page.getByTestId("server-ban-row").getByText("Bert", { exact: true }).waitFor({ state: "detached" });
  await bert.page.goto(stage.url);
  await bert.composer.waitFor();

  await section(olga, "audit").click();
  await page.getByTestId("audit-entry").first().waitFor();
  const sentences = await log(olga);
  assert.match(sentences[0], /^Olga lifted the ban of Bert from the server\.$/);
  assert.match(sentences[1], /^Olga banned the address 203\.0\.113\.9 from the server, until somebody lifts it\.$/);
  assert.match(sentences[2], /^Olga banned Bert from the server, until .*\. The reason: spam$/);
});

story("rooms are archived, opened again and kept from their list, and opened", OPEN, async (stage) => {
  const olga = await owner(stage);
  const { page } = olga;
  const bert = await account(stage, "Bert");
  await bert.join("kitchen");
  await bert.say("what is for lunch?");
  await bert.allSent();
  await olga.administer("rooms");
  const kitchen = page.getByTestId("admin-room").filter({ hasText: "kitchen" });
  await kitchen.getByText("1 member · 1 message or change").waitFor();
  await page.getByTestId("other-rooms").getByText("private rooms: 0, and direct conversations: 0").waitFor();
  await kitchen.getByTestId("admin-room-archive").click();
  await kitchen.getByText("Archive kitchen?").waitFor();
  await kitchen.getByTestId("admin-confirm").click();
  await kitchen.getByText("Archived").waitFor();
  await bert.page.getByTestId("composer-closed").waitFor();
  await kitchen.getByTestId("admin-room-archive").click();
  await kitchen.getByTestId("admin-confirm").click();
  await bert.composer.waitFor();
  await kitchen.getByTestId("admin-room-keep").check();
  await until("it is stored", async () => {
    await section(olga, "bans").click();
    await section(olga, "rooms").click();
    await kitchen.waitFor();
    return kitchen.getByTestId("admin-room-keep").isChecked();
  });
  const general = page.getByTestId("admin-room").filter({ hasText: "general" });
  assert.equal(await general.getByTestId("admin-room-archive").count(), 0);
  await kitchen.getByTestId("admin-room-open").click();
  await olga.sees("what is for lunch?");
  assert.equal(await olga.openRoom(), "kitchen");
  assert.equal(await page.getByTestId("administration-close").count(), 0);
});

story("administrators find reports of all rooms with the words said then, go there, and say what was done", OPEN, async (stage) => {
  const olga = await owner(stage);
  const { page } = olga;
  const bert = await account(stage, "Bert");
  await bert.join("kitchen");
  await bert.say("rude words");
  await bert.allSent();
  const eva = await stage.enter("Eva", { path: "/r/kitchen" });
  await eva.sees("rude words");
  await eva.report("rude words", "an insult");
  await bert.composer.press("ArrowUp");
  await bert.page.getByTestId("edit-input").fill("nothing bad");
  await bert.page.getByTestId("edit-input").press("Enter");
  await eva.sees("nothing bad");

  await olga.administer("reports");
  const report = page.getByTestId("admin-report");
  await report.getByText(/^Eva reported what Bert wrote in kitchen on .*\. The reason: an insult$/).waitFor();
  await report.getByText("rude words", { exact: true }).waitFor();
  await report.getByTestId("admin-report-go").click();
  await olga.sees("nothing bad");
  assert.equal(await olga.openRoom(), "kitchen");
  await olga.administer("reports");
  await report.getByTestId("admin-report-resolve").click();
  await report.getByTestId("admin-report-note").fill("talked to Bert");
  await report.getByTestId("admin-report-done").click();
  await report.getByText("Resolved.").waitFor();
  await page.getByTestId("reports-which").selectOption("all");
  await report.getByText(/^Resolved by Olga on .* “talked to Bert”$/).waitFor();
  await page.getByTestId("reports-which").selectOption("open");
  await page.getByText("There are no reports here.").waitFor();
  await section(olga, "audit").click();
  await page.getByTestId("audit-entry").first().waitFor();
  assert.equal((await log(olga))[0], "Olga resolved a report about kitchen. “talked to Bert”");
});

story("the log is filtered, read page by page and saved as a file, in Japanese too", OPEN, async (stage) => {
  const olga = await owner(stage, { locale: "ja-JP" });
  const { page } = olga;
  const bert = await account(stage, "Bert");
  await olga.member("Bert").waitFor();
  for (const command of ["/mute Bert 10m うるさい", "/unmute Bert"]) {
    await olga.composer.fill(command);
    await page.getByTestId("send").click();
    await until("it is done", async () => (await olga.composer.inputValue()) === "");
  }
  await bert.composer.waitFor();
  await olga.administer("audit");
  await page.getByTestId("audit-entry").first().waitFor();
  assert.deepEqual(await log(olga), [
    "OlgaがBertの「general」への書き込み禁止を解除しました。",
    "OlgaがBertの「general」への書き込みを禁止しました（10分間）。理由：うるさい",
    "Olgaが入れる人を変更しました：だれでもアカウントを作成できる。",
    "Olgaが入れる人を変更しました：ゲストも入れる。",
    "OlgaがOlgaの役割を「所有者」に変更しました。",
  ]);
  await page.getByTestId("audit-act").selectOption("restrict");
  await page.getByTestId("audit-by").fill("olga");
  await page.getByTestId("audit-member").fill("bert");
  await page.getByTestId("audit-room").fill("general");
  await page.getByTestId("audit-show").click();
  await until("one is left", async () => (await page.getByTestId("audit-entry").count()) === 1);
  const downloading = page.waitForEvent("download");
  await page.getByTestId("audit-download").click();
  const file = await downloading;
  assert.equal(file.suggestedFilename(), "hiroba-audit.jsonl");
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\n").map(JSON.parse);
  assert.deepEqual(lines.map(({ act, reason }) => [act, reason]), [["restrict", "うるさい"]]);
  await page.getByTestId("audit-downloaded").getByText("ログをダウンロードしました。").waitFor();
  await page.getByTestId("audit-since").fill("2999-01-01");
  await page.getByTestId("audit-show").click();
  await page.getByText("条件に合う操作はありません。").waitFor();
  await page.getByTestId("audit-since").fill("2020-01-01");
  await page.getByTestId("audit-until").fill("2999-01-01");
  await page.getByTestId("audit-act").selectOption("");
  await page.getByTestId("audit-show").click();
  await until("both are there", async () => (await page.getByTestId("audit-entry").count()) === 2);
});

story("a long list comes in pages, and one that could not be loaded can be asked for again", { ...OPEN, offline: true }, async (stage) => {
  const olga = await owner(stage);
  const { page } = olga;
  for (let number = 0; number < 60; number += 1) {
    const name = `member ${String(number).padStart(2, "0")}`;
    const body = JSON.stringify({ name, password: PASSWORD });
    const headers = { "content-type": "application/json", origin: stage.url };
    assert.equal((await fetch(`${stage.url}/api/v1/sign-up`, { method: "POST", headers, body })).status, 201);
  }
  await page.route("**/api/v1/users?**", (route) => route.abort(), { times: 1 });
  await olga.openSettings();
  await page.getByTestId("administration-open").click();
  await page.getByTestId("admin-failed").getByText("The server does not answer.").waitFor();
  await page.getByTestId("admin-again").click();
  await until("the first page is there", async () => (await page.getByTestId("admin-person").count()) === 50);
  await page.getByTestId("admin-more").click();
  await until("the rest is there", async () => (await page.getByTestId("admin-person").count()) === 61);
  assert.equal(await page.getByTestId("admin-more").count(), 0);
});

story("by keyboard only: an announcement, and a role that is given and taken back", OPEN, async (stage) => {
  const olga = await owner(stage);
  const { page } = olga;
  const bert = await account(stage, "Bert");
  const focused = (testid) => page.evaluate((testid) => document.activeElement?.dataset.testid === testid, testid);
  const tabTo = async (testid) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (await focused(testid)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not lead to ${testid}`);
  };
  await olga.openSettings();
  await page.getByTestId("administration-open").waitFor();
  await tabTo("administration-open");
  await page.keyboard.press("Enter");
  await until("the first section has the focus", () => focused("administration-section"));
  await row(olga, "Bert").waitFor();
  await tabTo("person-manage");
  await page.keyboard.press("Enter");
  await tabTo("person-role");
  await page.keyboard.press("ArrowDown");
  await page.getByText("Change the role of Bert to Administrator?").waitFor();
  await until("the focus is on what changes nothing", () => focused("admin-cancel"));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await row(olga, "Bert").getByText("Done.").waitFor();
  await until("the focus is not lost", () => page.evaluate(() => document.activeElement !== document.body));

  while (!(await page.evaluate(() => document.activeElement?.dataset.section === "settings"))) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await tabTo("announce-text");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Please write something here.").waitFor();
  await until("the field has the focus", () => focused("announce-text"));
  await page.keyboard.type("Maintenance at six");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Everybody was told.").waitFor();
  await bert.notice.getByText("Maintenance at six").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("administration-close").waitFor({ state: "detached" });
  await until("the focus is where it was", () => focused("administration-open"));
});

story("on a phone a section is a page, from which Back leads to the list, the settings and the chat", OPEN, async (stage) => {
  const olga = await owner(stage, PHONE);
  const { page } = olga;
  await olga.openSettings();
  await page.getByTestId("administration-open").tap();
  await section(olga, "audit").tap();
  await page.getByTestId("audit-entry").first().waitFor();
  assert.equal(await section(olga, "audit").isVisible(), false);
  assert.deepEqual(await accessibilityFindings(page), []);
  await page.goBack();
  await section(olga, "audit").waitFor();
  await section(olga, "people").tap();
  await page.getByTestId("admin-person").waitFor();
  await page.getByTestId("administration-back").tap();
  await section(olga, "people").waitFor();
  await page.goBack();
  await page.getByTestId("administration-close").waitFor({ state: "detached" });
  assert.ok(await page.getByTestId("settings-close").isVisible());
});
