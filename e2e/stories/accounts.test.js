import assert from "node:assert/strict";

import { settled } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open"] };
/** Chromium tells of every request that is refused. */
const REFUSED = { ...OPEN, refused: true };

/** The name under which somebody is on the page. */
async function nameOf(person) {
  await person.openSettings();
  const name = await person.page.locator(".parting strong").innerText();
  await person.page.getByTestId("settings-close").click();
  return name;
}

/** Opens the settings down to where the account is signed in. */
async function sessionsOf(person) {
  await person.openSettings();
  const sessions = person.page.getByTestId("session");
  await sessions.first().waitFor();
  return sessions;
}

/** Waits until nobody is signed in on the page; at most a second. */
async function isOut(person) {
  await person.page.locator("#gate").waitFor({ timeout: 1_000 });
}

story("who signs up is the same person in every tab, after a reload and on another device", OPEN, async (stage) => {
  const context = await stage.context();
  const anna = await stage.visitor({ context });
  await anna.signUp("Anna", PASSWORD);
  assert.equal(await nameOf(anna), "Anna");
  await anna.say("from the first tab");
  await anna.allSent();

  const tab = await stage.visitor({ context });
  await tab.page.goto(stage.url);
  await tab.sees("from the first tab");
  await tab.page.reload();
  await tab.sees("from the first tab");
  assert.equal(await tab.page.getByTestId("member-item").count(), 1, "one person");
  await tab.composer.press("ArrowUp");
  await tab.page.getByTestId("edit-input").fill("edited in the second tab");
  await tab.page.getByTestId("edit-input").press("Enter");
  await anna.sees("edited in the second tab");
  await anna.join("kitchen");
  await tab.room("kitchen").waitFor();

  const phone = await stage.visitor();
  await phone.signIn("ANNA", PASSWORD);
  await phone.room("kitchen").waitFor();
  assert.equal(await nameOf(phone), "Anna");
});

story("signing out ends every tab of the browser, and the other device goes on", REFUSED, async (stage) => {
  const context = await stage.context();
  const anna = await stage.visitor({ context });
  await anna.signUp("Anna", PASSWORD);
  const tab = await stage.visitor({ context });
  await tab.page.goto(stage.url);
  await tab.composer.waitFor();
  const phone = await stage.visitor();
  await phone.signIn("Anna", PASSWORD);

  await anna.signOut();
  await isOut(tab);
  await tab.page.getByText("You were signed out.").waitFor();
  assert.equal(await anna.page.getByText("You were signed out.").count(), 0);
  assert.deepEqual(await context.cookies(), []);
  await anna.page.reload();
  await anna.page.getByTestId("account-open").waitFor();
  await phone.say("still here");
  await phone.allSent();

  await anna.signIn("Anna", PASSWORD);
  await tab.sees("still here");
});

story("a guest becomes an account, and what it wrote and could not send yet stays its own", REFUSED, async (stage) => {
  const anna = await stage.enter("Anna");
  const id = await anna.page.evaluate(() => JSON.parse(sessionStorage.getItem("hiroba.guest")).id);
  await anna.say("as a guest");
  await anna.allSent();
  await anna.openSettings();
  await anna.page.getByTestId("account-create").click();
  assert.equal(await anna.page.getByTestId("account-name").inputValue(), "Anna");
  await anna.page.getByTestId("account-password").fill(PASSWORD);
  // The server has ended the connection of the guest when its answer is still on its way.
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await anna.page.route("**/api/v1/sign-up", async (route) => {
    const response = await route.fetch();
    await answered;
    await route.fulfill({ response });
  });
  await anna.page.getByTestId("account-form-send").click();
  await anna.page.getByTestId("settings-close").click();
  await anna.banner.waitFor();
  await anna.say("in between");
  answer();
  await anna.allSent();
  await anna.say("as an account");
  await anna.allSent();
  assert.deepEqual(await anna.texts(), ["as a guest", "in between", "as an account"]);
  assert.equal(await nameOf(anna), "Anna");
  await anna.openSettings();
  await anna.page.getByTestId("password-change").waitFor();
  await anna.page.getByTestId("settings-close").click();
  await anna.message("as a guest").hover();
  await anna.message("as a guest").getByTestId("tool-edit").waitFor();
  assert.equal(await anna.page.evaluate(() => JSON.parse(sessionStorage.getItem("hiroba.guest")).id), id);

  const phone = await stage.visitor();
  await phone.signIn("Anna", PASSWORD);
  await phone.message("as a guest").hover();
  await phone.message("as a guest").getByTestId("tool-edit").waitFor();
});

story("what is wrong with a name or a password is said, and what was typed stays", REFUSED, async (stage) => {
  const anna = await stage.visitor();
  await anna.openAccountForm();
  const problem = anna.page.getByTestId("account-form-problem");
  await anna.sendAccountForm("Anna", PASSWORD);
  await problem.getByText("The name or the password is wrong.").waitFor();
  assert.equal(await anna.page.getByTestId("account-name").inputValue(), "Anna");
  await anna.page.getByTestId("account-form-show").check();
  assert.equal(await anna.page.getByTestId("account-password").getAttribute("type"), "text");
  await anna.page.getByTestId("account-switch").click();
  await anna.sendAccountForm("Anna", "password1");
  await problem.getByText("one that everybody tries first").waitFor();
  await anna.sendAccountForm("Anna", "short");
  await problem.getByText("8 to 128 characters").waitFor();
  await anna.sendAccountForm("Anna", PASSWORD);
  await anna.composer.waitFor();

  const other = await stage.visitor();
  await other.openAccountForm();
  await other.page.getByTestId("account-switch").click();
  await other.sendAccountForm("Аnna", PASSWORD);
  await other.page.getByText("Somebody has this name").waitFor();
  await other.page.getByTestId("account-back").click();
  await other.page.getByTestId("name-input").fill("Bert");
  await other.page.getByTestId("name-submit").click();
  await other.composer.waitFor();
});

story("where nobody may sign up, the page says who gives accounts out", {}, async (stage) => {
  const anna = await stage.visitor();
  await anna.openAccountForm();
  await anna.page.getByTestId("account-closed").waitFor();
  assert.equal(await anna.page.getByTestId("account-switch").count(), 0);
  await anna.page.getByTestId("account-back").click();
  await anna.enter("Anna");
  const told = anna.page.waitForResponse("**/api/v1/entrance");
  await anna.openSettings();
  await (await told).finished();
  await settled(anna.page);
  assert.equal(await anna.page.getByTestId("account-create").count(), 0);
});

story("a device is seen, named and ended from another one; so do a new password and the operator", REFUSED, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  const phone = await stage.visitor({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1" });
  await phone.signIn("Anna", PASSWORD);

  const sessions = await sessionsOf(anna);
  assert.equal(await sessions.count(), 2);
  const other = sessions.filter({ hasText: "Safari · iPhone" });
  assert.match(await other.innerText(), /127\.0\.0\.1/);
  assert.match(await sessions.filter({ hasText: "this browser" }).innerText(), /Chrome/);
  await other.getByTestId("session-end").click();
  await isOut(phone);
  await phone.page.getByText("You were signed out.").waitFor();
  await other.waitFor({ state: "detached" });

  await phone.sendAccountForm("Anna", PASSWORD);
  await phone.composer.waitFor();
  await anna.page.getByTestId("password-change").click();
  await anna.page.getByTestId("present-password").fill("not this one");
  await anna.page.getByTestId("new-password").fill("another uncommon one");
  await anna.page.getByTestId("password-form-send").click();
  await anna.page.getByText("The present password is wrong.").waitFor();
  await anna.page.locator('[data-testid="present-password"]:focus').fill(PASSWORD);
  await anna.page.getByTestId("password-form-send").click();
  await anna.page.getByText("The password is changed.").waitFor();
  await isOut(phone);
  await until("the list shows it", async () => (await sessions.count()) === 1);
  await phone.sendAccountForm("Anna", "another uncommon one");
  await phone.composer.waitFor();

  await anna.page.getByTestId("settings-close").click();
  await anna.say("the browser that changed it goes on");
  await anna.allSent();
  await stage.server.user("disable", "Anna");
  await isOut(anna);
  await isOut(phone);
});

story("a new name is seen at once, also on what was written before, and by who comes later", REFUSED, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  const phone = await stage.visitor();
  await phone.signIn("Anna", PASSWORD);
  const bert = await stage.visitor();
  await bert.signUp("Bert", PASSWORD);
  await anna.say("as Anna");
  await anna.say("again");
  await bert.sees("as Anna", "again");
  await anna.openSettings();
  const { page } = anna;
  await page.getByTestId("name-change").click();
  await page.getByTestId("new-name").fill("bert");
  await page.getByTestId("name-form-send").click();
  await page.getByText("Somebody has this name, or one that looks like it.").waitFor();
  await page.locator('[data-testid="new-name"]:focus').fill("Anneliese");
  await page.getByTestId("name-form-send").click();
  await page.getByText("The name is changed.").waitFor();
  assert.equal(await page.locator(".parting strong").innerText(), "Anneliese");
  await page.getByTestId("settings-close").click();
  await anna.say("as Anneliese");

  const authors = async (person) => new Set(await person.page.getByTestId("message-author").allInnerTexts());
  const onlyNew = async (person) => {
    await person.sees("as Anna", "again", "as Anneliese");
    const names = async () => [...(await authors(person))].filter((name) => name !== "Bert").join();
    await until("every message has the new name", async () => (await names()) === "Anneliese", { state: names });
  };
  for (const person of [anna, phone, bert]) await onlyNew(person);
  const late = await stage.visitor();
  await late.enter("Carol");
  await onlyNew(late);
  assert.equal(await nameOf(phone), "Anneliese", "on every device");
  await phone.page.reload();
  await phone.sees("as Anna", "again", "as Anneliese");
  assert.equal(await nameOf(phone), "Anneliese");
});

story("who deletes the account is gone at once, and what they wrote is a deleted user's", REFUSED, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  const phone = await stage.visitor();
  await phone.signIn("Anna", PASSWORD);
  await anna.say("I was here");
  await anna.allSent();
  const { page } = anna;
  await anna.openSettings();
  await page.getByTestId("deletion").click();
  await page.getByTestId("deletion-password").fill("not this one");
  await page.getByTestId("deletion-form-send").click();
  await page.getByText("The present password is wrong.").waitFor();
  await page.getByTestId("deletion-password").fill(PASSWORD);
  await page.getByTestId("deletion-form-send").click();
  await page.locator("#gate").waitFor();
  await isOut(phone);
  const bert = await stage.visitor();
  await bert.enter("Bert");
  await bert.sees("I was here");
  assert.deepEqual(await bert.page.getByTestId("message-author").allInnerTexts(), ["Deleted user"]);
  await phone.sendAccountForm("Anna", PASSWORD);
  await phone.page.getByText("The name or the password is wrong.").waitFor();
});

story("messages go with the account if one wants it", REFUSED, async (stage) => {
  const bert = await stage.visitor();
  await bert.enter("Bert");
  await bert.say("Bert stays");
  await bert.allSent();
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  await anna.say("nobody reads this tomorrow");
  await bert.sees("Bert stays", "nobody reads this tomorrow");
  await anna.openSettings();
  await anna.page.getByTestId("deletion").click();
  await anna.page.getByTestId("deletion-messages").check();
  await anna.page.getByTestId("deletion-password").fill(PASSWORD);
  await anna.page.getByTestId("deletion-form-send").click();
  await anna.page.locator("#gate").waitFor();
  await bert.message("nobody reads this tomorrow").waitFor({ state: "detached" });
  await bert.sees("Bert stays");
});
