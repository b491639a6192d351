import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { accessibilityFindings, latinWords, settled, sidewaysScroll } from "../harness/scan.js";
import { OUT, story } from "../harness/story.js";

const PASSWORD = "an uncommon password";
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const SCREENS = {
  "wide-dark-en": { locale: "en-US", colorScheme: "dark" },
  "middle-light-ja": { locale: "ja-JP", colorScheme: "light", viewport: { width: 768, height: 1024 } },
  "phone-dark-ja": { ...PHONE, locale: "ja-JP", colorScheme: "dark" },
  "phone-light-en": { ...PHONE, locale: "en-US", colorScheme: "light" },
};
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
/** Names, and words that are the same in Japanese. */
const KNOWN = ["Hiroba", "general", "Chrome", "Linux", "Safari", "iPhone", "English", "Enter", "Shift", "Ctrl", "mina", "example", "jp"];

/** Shows every screen about accounts to `look`. */
async function walk(stage, options, look) {
  const mina = await stage.visitor(options);
  const { page } = mina;
  await mina.openAccountForm();
  await page.getByTestId("account-switch").waitFor();
  await look(page, "sign-in");
  await mina.sendAccountForm("美奈", "not this one");
  await page.getByTestId("account-form-problem").getByText(/./).waitFor();
  await look(page, "sign-in-wrong");
  await page.getByTestId("account-switch").click();
  await look(page, "sign-up");
  await page.getByTestId("account-back").click();
  await mina.enter("美奈");
  await mina.openSettings();
  await page.getByTestId("account-create").click();
  await page.getByTestId("account-password").fill(PASSWORD);
  await page.getByTestId("account-form-send").scrollIntoViewIfNeeded();
  await look(page, "guest-account");
  await page.getByTestId("account-form-send").click();
  await page.getByTestId("password-change").waitFor();
  const phone = await stage.visitor({ userAgent: IPHONE });
  await phone.signIn("美奈", PASSWORD);
  await page.getByTestId("settings-close").click();
  await mina.openSettings();
  await page.getByTestId("session").nth(1).waitFor();
  await page.getByTestId("sign-out").scrollIntoViewIfNeeded();
  await look(page, "account");
  await page.getByTestId("profile-edit").click();
  await page.getByTestId("profile-reading").fill("みな");
  await page.getByTestId("profile-usual").nth(1).click();
  await page.getByTestId("profile-quiet").selectOption({ index: 4 });
  await page.getByTestId("profile-colour").nth(5).check();
  await page.getByTestId("profile-time").check();
  await page.getByTestId("profile-save").scrollIntoViewIfNeeded();
  await look(page, "profile");
  await page.getByTestId("profile-save").click();
  await page.getByTestId("profile-edit-done").getByText(/./).waitFor();
  await page.getByTestId("settings-close").click();
  if (await page.getByTestId("drawer-close").isVisible()) await page.getByTestId("drawer-close").click();
  await mina.composer.fill("お茶にしましょう");
  await page.getByTestId("send").click();
  await mina.allSent();
  await page.getByTestId("message-author").first().click();
  await page.getByTestId("person-time").waitFor();
  await look(page, "person");
  await page.getByTestId("person-edit").click();
  await page.getByTestId("name-change").click();
  await page.getByTestId("name-form-send").scrollIntoViewIfNeeded();
  await look(page, "name");
  await page.getByTestId("password-change").click();
  await page.getByTestId("password-form-send").scrollIntoViewIfNeeded();
  await look(page, "password");
  const saved = page.waitForEvent("download");
  await page.getByTestId("download").click();
  await saved;
  await page.getByTestId("download-done").getByText(/./).waitFor();
  await page.getByTestId("download-data").scrollIntoViewIfNeeded();
  await look(page, "download");
  await page.getByTestId("deletion").click();
  await page.getByTestId("deletion-form-send").scrollIntoViewIfNeeded();
  await look(page, "deletion");
  await stage.server.user("disable", "美奈");
  await page.getByTestId("session-ended").waitFor();
  await look(page, "signed-out");
}

/** Shows every screen about links and about who may come in to `look`. */
async function walkLinks(stage, options, look) {
  const olga = await stage.visitor(options);
  const { page } = olga;
  await page.goto(stage.url);
  await page.getByTestId("entrance-about").waitFor();
  await look(page, "new-square");
  await olga.followLink(await stage.server.ownerLink());
  await page.getByTestId("who-may-enter").waitFor();
  await page.getByTestId("account-name").fill("織江");
  await look(page, "owner-link");
  await olga.sendAccountForm("織江", PASSWORD);
  await olga.composer.waitFor();
  await olga.administer("invitations");
  await page.getByTestId("invite-make").click();
  await page.getByTestId("invitation").waitFor();
  const invitation = new URL(await page.getByTestId("made-link").inputValue()).hash;
  const reset = new URL((await stage.server.user("reset", "織江")).match(/http\S+/)[0]).hash;
  await olga.followLink(invitation);
  await look(page, "invited-needless");
  await page.getByTestId("link-leave").click();
  await olga.followLink(reset);
  await look(page, "new-password");

  const guest = await stage.visitor(options);
  await guest.followLink(invitation);
  await look(guest.page, "invited");
  await guest.page.goto(stage.url);
  await guest.page.getByTestId("account-closed").waitFor();
  await look(guest.page, "no-guests");
}

/** Shows every screen about mail to `look`. */
async function walkMail(stage, options, look) {
  const mina = await stage.visitor(options);
  const { page } = mina;
  await mina.signUp("美奈", PASSWORD);
  await mina.openSettings();
  await page.getByTestId("mail-set").click();
  await page.getByTestId("mail-new").fill("mina@");
  await page.getByTestId("mail-password").fill(PASSWORD);
  await page.getByTestId("mail-form-send").click();
  await page.getByTestId("mail-form-problem").getByText(/./).waitFor();
  await page.getByTestId("mail-form-send").scrollIntoViewIfNeeded();
  await look(page, "mail-form");
  await page.getByTestId("mail-new").fill("mina@example.jp");
  await page.getByTestId("mail-form-send").click();
  await page.getByTestId("mail-waiting").getByText(/./).waitFor();
  await page.getByTestId("mail-removal").scrollIntoViewIfNeeded();
  await look(page, "mail-waiting");
  const link = await stage.mail.link("mina@example.jp", "mail");
  await mina.followLink(link);
  await look(page, "mail-confirm");
  await page.getByTestId("mail-confirm").click();
  await page.getByTestId("mail-confirmed").getByText(/./).waitFor();
  await look(page, "mail-confirmed");
  await mina.followLink(link);
  await page.getByTestId("mail-confirm").click();
  await page.getByTestId("mail-problem").getByText(/./).waitFor();
  await look(page, "mail-link-ended");
  await page.getByTestId("account-back").click();
  await mina.composer.waitFor();
  await mina.openSettings();
  await page.getByTestId("mail-removal").click();
  await page.getByTestId("mail-removal-form-send").scrollIntoViewIfNeeded();
  await look(page, "mail-removal");

  const guest = await stage.visitor(options);
  await guest.openAccountForm();
  await guest.page.getByTestId("forgotten-open").waitFor();
  await look(guest.page, "sign-in-with-mail");
  await guest.page.getByTestId("forgotten-open").click();
  await guest.page.getByTestId("forgotten-account").fill("美奈");
  await look(guest.page, "forgotten");
  await guest.page.getByTestId("forgotten-form-send").click();
  await guest.page.getByTestId("forgotten-sent").getByText(/./).waitFor();
  await look(guest.page, "forgotten-sent");
}

for (const [screen, options] of Object.entries(SCREENS)) {
  story(`every screen about accounts: pictures, axe, nothing sideways, one language: ${screen}`, { flags: ["--sign-up", "open"], refused: true }, async (stage) => {
    await scan(walk, stage, screen, options);
  });

  story(`every screen about links and who may come in: pictures, axe, nothing sideways, one language: ${screen}`, { flags: ["--guests", "off"], refused: true }, async (stage) => {
    await scan(walkLinks, stage, screen, options);
  });

  story(`every screen about mail: pictures, axe, nothing sideways, one language: ${screen}`, { mail: true, flags: ["--sign-up", "open"], refused: true }, async (stage) => {
    await scan(walkMail, stage, screen, options);
  });
}

/** Takes pictures of what `walk` shows and asserts that nothing is wrong with it. */
async function scan(walk, stage, screen, options) {
  await mkdir(OUT, { recursive: true });
  const findings = {};
  await walk(stage, { ...options, reducedMotion: "reduce" }, async (page, what) => {
    await page.mouse.move(0, 0);
    await settled(page);
    await page.screenshot({ path: path.join(OUT, `${screen}-${what}.png`) });
    const found = [...(await accessibilityFindings(page))];
    const { over, wide } = await sidewaysScroll(page);
    if (over > 0) found.push(`scrolls sideways: ${wide}`);
    if (options.locale === "ja-JP") found.push(...(await latinWords(page, KNOWN)));
    if (found.length > 0) findings[what] = found;
  });
  assert.deepEqual(findings, {});
}
