import assert from "node:assert/strict";

import { settled } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
/** Chromium tells of every request that is refused. */
const REFUSED = { refused: true };

/** Somebody in a browser of their own who has become the owner by the link of the server. */
async function owner(stage) {
  const olga = await stage.visitor();
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", PASSWORD);
  return olga;
}

/** Makes an invitation in the open administration; returns the fragment of its address. */
async function invite(person, { days = "7", uses = "1" } = {}) {
  const { page } = person;
  await page.getByTestId("invite-days").selectOption(days);
  await page.getByTestId("invite-uses").selectOption(uses);
  const before = await page.getByTestId("invitation").count();
  await page.getByTestId("invite-make").click();
  await until("it is in the list", async () => (await page.getByTestId("invitation").count()) === before + 1);
  return fragmentOf(person);
}

async function fragmentOf(person) {
  const link = new URL(await person.page.getByTestId("made-link").inputValue());
  assert.equal(link.origin, new URL(person.url).origin);
  assert.match(link.hash, /^#(invite|reset)=[0-9a-f]{32}$/);
  return link.hash;
}

/** From now on `window.nameAsked` tells whether any frame has shown the form for a name. */
async function watchForTheName(context) {
  await context.addInitScript(() => {
    const look = () => {
      if (document.getElementById("gate-form")?.checkVisibility()) window.nameAsked = true;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** Nothing of a link is left in the address or in what the browser keeps. */
async function isForgotten(person, link) {
  const secret = link.split("=")[1];
  const kept = await person.page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes(secret), kept);
}

story("whoever is invited creates an account and writes; the link is for one person and is nowhere afterwards", REFUSED, async (stage) => {
  const olga = await owner(stage);
  await olga.administer("invitations");
  const link = await invite(olga);
  assert.match(await olga.page.getByTestId("invitation").innerText(), /for 1 more person[^]*by Olga · until /);

  const anna = await stage.visitor();
  await anna.followLink(link);
  await anna.page.getByRole("heading", { name: "You are invited" }).waitFor();
  await anna.page.reload();
  await anna.page.getByRole("heading", { name: "You are invited" }).waitFor();
  assert.equal(new URL(anna.page.url()).hash, link);
  await until("the first empty field has the focus", () =>
    anna.page.getByTestId("account-name").evaluate((field) => field === document.activeElement),
  );
  await anna.sendAccountForm("Anna", PASSWORD);
  await anna.composer.waitFor();
  await isForgotten(anna, link);
  await anna.say("invited");
  await anna.allSent();

  const late = await stage.visitor();
  await late.followLink(link);
  await late.sendAccountForm("Bert", PASSWORD);
  await late.page.getByTestId("account-form-problem").getByText("has been used already or has ended").waitFor();
  assert.equal(await late.page.getByTestId("account-name").inputValue(), "Bert");
  assert.equal(new URL(late.page.url()).hash, link, "a reload does not lose it");
  await late.page.getByTestId("account-switch").click();
  await late.sendAccountForm("Anna", PASSWORD);
  await late.composer.waitFor();
  await isForgotten(late, link);

  await olga.leaveAdministration();
  await olga.administer("invitations");
  await olga.page.getByTestId("admin-none").waitFor();
});

story("a link that is opened in a tab of the page is followed, and one can go on without it", REFUSED, async (stage) => {
  const olga = await owner(stage);
  await olga.administer("invitations");
  const link = await invite(olga, { uses: "10" });
  await olga.leaveAdministration();

  const anna = await stage.visitor();
  await anna.page.goto(stage.url);
  await anna.page.getByTestId("name-input").waitFor();
  await anna.page.evaluate((link) => (location.hash = link), link);
  await anna.page.getByRole("heading", { name: "You are invited" }).waitFor();
  await anna.page.getByTestId("account-back").click();
  await isForgotten(anna, link);
  await anna.page.getByTestId("name-input").fill("Anna");
  await anna.page.getByTestId("name-submit").click();
  await anna.say("as a guest");
  await anna.allSent();

  await anna.followLink(link);
  await anna.page.getByRole("button", { name: "Go on as Anna" }).click();
  await anna.sees("as a guest");
  await isForgotten(anna, link);
  await anna.followLink(link);
  await anna.sendAccountForm("Anna", PASSWORD);
  await anna.message("as a guest").hover();
  await anna.message("as a guest").getByTestId("tool-edit").waitFor();
  await anna.page.reload();
  await anna.sees("as a guest");

  await olga.followLink(link);
  await olga.page.getByText("You are signed in as Olga already").waitFor();
  await olga.page.getByTestId("link-leave").click();
  await olga.sees("as a guest");
  await isForgotten(olga, link);
});

story("an invitation that was withdrawn lets nobody in", REFUSED, async (stage) => {
  const olga = await owner(stage);
  await olga.administer("invitations");
  const link = await invite(olga, { days: "30", uses: "" });
  assert.match(await olga.page.getByTestId("invitation").innerText(), /any number of people/);
  await olga.page.getByTestId("invitation-withdraw").click();
  await olga.page.getByTestId("admin-none").waitFor();
  const anna = await stage.visitor();
  await anna.followLink(link);
  await anna.sendAccountForm("Anna", PASSWORD);
  await anna.page.getByTestId("account-form-problem").getByText("Ask whoever gave it to you").waitFor();
});

story("when the owner turns guests off they end at the form for accounts, and whoever comes sees only that", REFUSED, async (stage) => {
  const olga = await stage.visitor();
  const guest = await stage.enter("Gina");
  await olga.followLink(await stage.server.ownerLink());
  await olga.page.getByRole("heading", { name: "Open your square" }).waitFor();
  await olga.page.locator('[data-testid="guests-welcome"]:enabled:checked').waitFor();
  assert.equal(await olga.page.getByTestId("sign-up-rule").inputValue(), "invitation");
  await olga.sendAccountForm("Olga", PASSWORD);
  await olga.composer.waitFor();
  await olga.administer("settings");
  await olga.page.getByTestId("guests-welcome").uncheck();
  await olga.page.getByText("Saved.").waitFor();

  await guest.page.getByTestId("guests-ended").waitFor();
  await guest.page.getByTestId("account-form").waitFor();
  assert.equal(await guest.page.getByTestId("name-input").isVisible(), false);
  assert.equal(await guest.page.getByTestId("account-back").count(), 0);

  const context = await stage.context();
  await watchForTheName(context);
  const anna = await stage.visitor({ context });
  await anna.page.goto(stage.url);
  await anna.page.getByTestId("account-form").waitFor();
  await anna.page.getByTestId("account-closed").getByText("needs an invitation").waitFor();
  await settled(anna.page);
  assert.equal(await anna.page.evaluate(() => window.nameAsked), undefined);
  assert.equal(await anna.page.getByText("Give a name and you are in").isVisible(), false);
  assert.equal(await anna.page.getByTestId("account-back").count(), 0);

  await olga.page.getByTestId("guests-welcome").check();
  await olga.page.getByText("Saved.").waitFor();
  await anna.enter("Anna");
});

story("a guest who comes back to a server without guests is told why", REFUSED, async (stage) => {
  const gina = await stage.enter("Gina");
  await gina.page.goto("about:blank");
  await stage.server.stop();
  stage.server.flags.push("--guests", "off");
  await stage.server.startAgain();
  await gina.page.goto(stage.url);
  await gina.page.getByTestId("guests-ended").waitFor();
  await gina.page.getByTestId("account-form").waitFor();
});

story("a new square waits for its owner; what was decided at its start is not changed by the page", { flags: ["--guests", "off"], refused: true }, async (stage) => {
  const anna = await stage.visitor();
  await anna.page.goto(stage.url);
  await anna.page.getByText("This square is new and waits for its owner.").waitFor();

  const olga = await stage.visitor();
  await olga.followLink(await stage.server.ownerLink());
  await olga.page.getByTestId("guests-welcome").check();
  await olga.page.getByTestId("sign-up-rule").selectOption("open");
  await olga.sendAccountForm("Olga", PASSWORD);
  await olga.composer.waitFor();
  const entrance = await (await fetch(`${stage.url}/api/v1/entrance`)).json();
  assert.deepEqual(entrance, { sign_up: "open", guests: false, has_owner: true, mail: false });

  await olga.administer("settings");
  const welcome = olga.page.getByTestId("guests-welcome");
  // It does not stay checked.
  await welcome.click();
  await olga.page.getByTestId("entrance-setting").getByTestId("admin-problem").getByText("can be changed only there").waitFor();
  await until("it shows what holds", async () => !(await welcome.isChecked()));
  await olga.page.getByTestId("sign-up-rule").selectOption("closed");
  await olga.page.getByText("Saved.").waitFor();

  await anna.page.reload();
  await anna.page.getByText("given out by whoever runs this server").waitFor();
  assert.equal(await anna.page.getByText("This square is new").count(), 0);
});

story("an account that is there becomes the owner, and a member sees nothing of what owners do", { flags: ["--sign-up", "open"], refused: true }, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  // Two parts of the settings ask what she is.
  let told = 0;
  anna.page.on("requestfinished", (request) => (told += new URL(request.url()).pathname === "/api/v1/account"));
  await anna.openSettings();
  await until("both are told", async () => told >= 2);
  await anna.page.getByTestId("session").waitFor();
  await settled(anna.page);
  assert.equal(await anna.page.getByTestId("administration-open").count(), 0);

  const link = await stage.server.ownerLink();
  await anna.followLink(link);
  await anna.page.getByRole("button", { name: "Go on as Anna" }).waitFor();
  assert.equal(await anna.page.getByTestId("account-name").inputValue(), "Anna");
  await anna.page.getByTestId("account-password").fill(PASSWORD);
  await anna.page.getByTestId("account-form-send").click();
  await anna.composer.waitFor();
  await isForgotten(anna, link);
  await anna.administer("settings");
  await anna.page.getByTestId("entrance-setting").waitFor();
});

story("who has lost a password gets a link, and is signed in with a new one and out everywhere else", { flags: ["--sign-up", "open"], refused: true }, async (stage) => {
  const olga = await owner(stage);
  const phone = await stage.visitor();
  await phone.signUp("Anna", PASSWORD);
  await olga.administer("people");
  await olga.page.getByTestId("people-search").fill("Nobody");
  await olga.page.getByText("No account has a name like this.").waitFor();
  await olga.page.getByTestId("people-search").fill("anna");
  await olga.page.getByRole("button", { name: "Manage Anna" }).click();
  await olga.page.getByTestId("person-reset").click();
  await olga.page.getByTestId("admin-confirm").click();
  await olga.page.getByTestId("made-link").waitFor();
  const link = await fragmentOf(olga);

  const anna = await stage.visitor();
  await anna.followLink(link);
  await anna.page.getByRole("heading", { name: "Choose a new password" }).waitFor();
  await anna.page.getByTestId("account-password").fill("password1");
  await anna.page.getByTestId("account-form-send").click();
  await anna.page.getByTestId("account-form-problem").getByText("8 to 128 characters").waitFor();
  await anna.page.getByTestId("account-password").fill("another uncommon one");
  await anna.page.getByTestId("account-form-send").click();
  await anna.composer.waitFor();
  await isForgotten(anna, link);
  await phone.page.getByText("You were signed out.").waitFor();
  await phone.sendAccountForm("Anna", "another uncommon one");
  await phone.composer.waitFor();

  const late = await stage.visitor();
  await late.followLink(link);
  await late.page.getByTestId("account-password").fill("a third uncommon one");
  await late.page.getByTestId("account-form-send").click();
  await late.page.getByTestId("account-form-problem").getByText("has been used already or has ended").waitFor();
});
