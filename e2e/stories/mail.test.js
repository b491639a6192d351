import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = ["--sign-up", "open"];

/** Whoever forgot the password asks for a link, and is told the same whatever they typed. Returns what they are told. */
async function forget(person, account) {
  const { page } = person;
  await person.openAccountForm();
  await page.getByTestId("forgotten-open").click();
  await page.getByTestId("forgotten-account").fill(account);
  await page.getByTestId("forgotten-form-send").click();
  await page.getByTestId("forgotten-sent").getByText(/./).waitFor();
  await until("the way back has the focus", () =>
    page.getByTestId("forgotten-back").evaluate((button) => button === document.activeElement),
  );
  return page.getByTestId("forgotten-sent").innerText();
}

story("a forgotten password is replaced by a link that comes by mail", { flags: OPEN, mail: true, refused: true }, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  await anna.openSettings();
  await anna.page.getByTestId("mail-set").click();
  await anna.page.getByTestId("mail-new").fill("no address");
  await anna.page.getByTestId("mail-password").fill(PASSWORD);
  await anna.page.getByTestId("mail-form-send").click();
  await anna.page.getByTestId("mail-form-problem").getByText("This is no mail address").waitFor();
  await anna.page.getByTestId("mail-new").fill("anna@example.jp");
  await anna.page.getByTestId("mail-form-send").click();
  await anna.page.getByTestId("mail-waiting").getByText("anna@example.jp waits to be confirmed").waitFor();

  // Read elsewhere, where nobody is signed in.
  const link = await stage.mail.link("anna@example.jp", "mail");
  const reader = await stage.visitor();
  await reader.followLink(link);
  await reader.page.getByTestId("mail-confirm").click();
  await reader.page.getByText("anna@example.jp is now the mail address of Anna.").waitFor();
  await reader.page.getByTestId("link-leave").click();
  await reader.page.getByTestId("name-input").waitFor();
  assert.equal(new URL(reader.page.url()).hash, "");
  await reader.followLink(link);
  await reader.page.getByTestId("mail-confirm").click();
  await reader.page.getByTestId("mail-problem").getByText("has been used already").waitFor();

  await anna.page.getByTestId("settings-close").click();
  await anna.openSettings();
  await anna.page.getByTestId("mail-address").getByText("anna@example.jp").waitFor();
  await anna.page.getByTestId("settings-close").click();

  const phone = await stage.visitor();
  const said = await forget(phone, "nobody");
  assert.match(said, /If there is such an account[^]*within 60 minutes/);
  assert.equal(await forget(phone, "ANNA@example.jp"), said);
  await phone.followLink(await stage.mail.link("anna@example.jp", "reset"));
  await phone.page.getByTestId("account-password").fill("another uncommon one");
  await phone.page.getByTestId("account-form-send").click();
  await phone.composer.waitFor();
  await anna.page.getByTestId("session-ended").waitFor();

  await phone.openSettings();
  await phone.page.getByTestId("mail-removal").click();
  await phone.page.getByTestId("mail-removal-password").fill("another uncommon one");
  await phone.page.getByTestId("mail-removal-form-send").click();
  await phone.page.getByText("The mail address is removed.").waitFor();
  await phone.page.getByTestId("mail-address").getByText("With a mail address you get a link").waitFor();
  const { to, text } = await stage.mail.next();
  assert.deepEqual(to, ["anna@example.jp"]);
  assert.match(text, /was changed or removed/);
});

story("where no mail is sent, one is told whom to ask", { flags: OPEN }, async (stage) => {
  const anna = await stage.visitor();
  await anna.openAccountForm();
  await anna.page.getByTestId("forgotten-ask").getByText("Ask whoever looks after this square").waitFor();
  assert.equal(await anna.page.getByTestId("forgotten-open").count(), 0);
  await anna.page.getByTestId("account-switch").click();
  await anna.page.getByTestId("forgotten-ask").waitFor({ state: "detached" });
  await anna.sendAccountForm("Anna", PASSWORD);
  await anna.composer.waitFor();
  await anna.openSettings();
  await anna.page.getByTestId("password-change").waitFor();
  await anna.page.getByTestId("session").waitFor();
  assert.equal(await anna.page.getByTestId("mail").count(), 0);
});
