import assert from "node:assert/strict";

import { Pictures, SCREENS } from "../harness/pictures.js";
import { story } from "../harness/story.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open", "--rate-limits", "off"], refused: true };
/** A width between those of the other pictures too. */
const ALL = { ...SCREENS, "middle-light-ja": { locale: "ja-JP", colorScheme: "light", viewport: { width: 768, height: 1024 } } };
/** Names, and words that are the same in Japanese. */
const SAME = ["Hiroba", "general", "Enter", "Shift", "Ctrl", "English", "kitchen", "IP", "IPv", "Chrome", "Linux"];

/** Shows every section to `look`. */
async function walk(stage, options, look) {
  const olga = await stage.visitor(options);
  const { page } = olga;
  await olga.enterByLink(await stage.server.ownerLink(), "織江", PASSWORD);
  for (const name of ["花子", "太郎", "名前がとても長くて一行に収まらない人です"]) {
    // With a keyboard, whose Enter sends.
    const person = await stage.visitor({ locale: options.locale });
    await person.signUp(name, PASSWORD);
    if (name === "花子") await person.say("こんにちは");
    if (name === "太郎") await person.report("こんにちは", "言葉づかいが乱暴");
  }
  await stage.server.user("disable", "太郎");
  const section = async (name) => {
    const back = page.getByTestId("administration-back");
    if (await back.isVisible()) await back.click();
    await page.locator(`[data-testid="administration-section"][data-section="${name}"]`).click();
    await page.getByTestId(`admin-${name}`).waitFor();
  };
  await olga.openSettings();
  await page.getByTestId("administration-open").click();
  await page.getByTestId("administration-section").first().waitFor();
  await look(page, "list");
  await section("people");
  const hanako = page.getByTestId("admin-person").filter({ hasText: "花子" });
  await hanako.waitFor();
  await look(page, "people");
  await hanako.getByTestId("person-manage").click();
  await hanako.getByTestId("person-disable").click();
  await hanako.getByTestId("admin-cancel").waitFor();
  await look(page, "person");
  await hanako.getByTestId("admin-cancel").click();
  await hanako.getByTestId("person-reset").click();
  await hanako.getByTestId("admin-confirm").click();
  await page.getByTestId("made-link").waitFor();
  await look(page, "reset");
  await hanako.getByTestId("person-server-ban").click();
  await hanako.getByTestId("ban-confirm").scrollIntoViewIfNeeded();
  await look(page, "person-ban");
  await page.getByTestId("people-search").fill("だれもいない");
  await page.getByTestId("admin-none").waitFor();
  await look(page, "nobody");
  await section("rooms");
  const room = page.getByTestId("admin-room").first();
  await room.waitFor();
  await look(page, "rooms");
  await section("invitations");
  await page.getByTestId("admin-none").waitFor();
  await page.getByTestId("invite-make").click();
  await page.getByTestId("invitation").waitFor();
  await look(page, "invitations");
  await section("reports");
  await page.getByTestId("admin-report-resolve").click();
  await page.getByTestId("admin-report-note").waitFor();
  await look(page, "reports");
  await section("bans");
  await page.getByTestId("admin-none").waitFor();
  await page.getByTestId("server-ban-new").click();
  await page.getByTestId("ban-kind").selectOption("address");
  await look(page, "new-ban");
  await page.getByTestId("ban-whom").fill("203.0.113.9");
  await page.getByTestId("ban-reason").fill("迷惑行為");
  await page.getByTestId("ban-confirm").click();
  await page.getByTestId("server-ban-row").waitFor();
  await look(page, "bans");
  await section("audit");
  await page.getByTestId("audit-entry").first().waitFor();
  await look(page, "audit");
  await page.getByTestId("audit-download").scrollIntoViewIfNeeded();
  await look(page, "audit-end");
  await section("settings");
  await page.getByTestId("guests-welcome").waitFor();
  await page.getByTestId("announce-send").click();
  await page.getByTestId("announce-text").waitFor();
  await look(page, "settings");
}

for (const [screen, options] of Object.entries(ALL)) {
  story(`every screen of the administration: pictures, axe, nothing sideways, one language: ${screen}`, OPEN, async (stage) => {
    const isSame = (word) => /^(invite|reset|http|localhost|[0-9a-f]+)$/.test(word);
    const pictures = new Pictures(screen, "administration", SAME, isSame, options);
    await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
    assert.deepEqual(pictures.findings, {});
  });
}
