import assert from "node:assert/strict";

import { Pictures, SCREENS } from "../harness/pictures.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open", "--rate-limits", "off"] };
/** Chromium tells of every request that is refused. */
const REFUSED = { ...OPEN, refused: true };

/** Creates an account with a private room of this title. */
async function host(stage, title, options) {
  const hanako = await stage.visitor(options);
  const { page } = hanako;
  await hanako.signUp("花子", PASSWORD);
  const drawer = page.getByTestId("drawer-open");
  if (await drawer.isVisible()) await drawer.click();
  await page.getByTestId("new-room-open").click();
  await page.getByTestId("new-private-open").click();
  await page.getByTestId("room-title").fill(title);
  await page.getByTestId("new-private-create").click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  return hanako;
}

async function openInviting({ page }) {
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("invite-open").click();
  await page.getByTestId("room-link-make").waitFor();
}

/** Makes a link and returns its path with the fragment. */
async function makeLink(person, { uses = "100" } = {}) {
  const { page } = person;
  await openInviting(person);
  await page.getByTestId("room-link-time").selectOption("3600");
  await page.getByTestId("room-link-uses").selectOption(uses);
  await page.getByTestId("room-link-make").click();
  const field = page.getByTestId("made-link");
  await field.waitFor();
  const { pathname, hash } = new URL(await field.inputValue());
  assert.match(pathname + hash, /^\/#join=[0-9a-f]{32}$/);
  return pathname + hash;
}

story("whoever follows a link is told where it leads, comes in, and joins after a click", OPEN, async (stage) => {
  const hanako = await host(stage, "新製品");
  const link = await makeLink(hanako);
  await hanako.page.getByTestId("link-into-room").getByText("100 people").waitFor();
  await hanako.page.getByTestId("room-details-close").click();
  await hanako.say("welcome");
  await hanako.allSent();

  // A guest, who is nobody here yet.
  const bert = await stage.visitor();
  await bert.page.goto(stage.url + link);
  await bert.page.getByTestId("joining-note").getByText("You are invited to 新製品.").waitFor();
  await bert.page.getByTestId("name-input").fill("Bert");
  await bert.page.getByTestId("name-submit").click();
  await bert.page.getByTestId("joining-title").getByText("Join 新製品?").waitFor();
  await bert.page.getByTestId("joining-about").getByText("Private room · 1 person").waitFor();
  assert.ok(!bert.page.url().includes("join="), "the secret is not in the address any more");
  await bert.page.reload();
  await bert.page.getByTestId("joining-about").getByText("Private room · 1 person").waitFor();
  assert.equal(await bert.room("general").count(), 1, "nothing is joined by itself but general");
  await bert.page.getByTestId("joining-confirm").click();
  await bert.page.getByRole("heading", { level: 1, name: "新製品" }).waitFor();
  await bert.sees("welcome");
  await bert.say("thanks");
  await hanako.sees("welcome", "thanks");

  // Somebody with an account who is signed in, and has second thoughts.
  const context = await stage.context();
  const eva = await stage.visitor({ context });
  await eva.signUp("Eva", PASSWORD);
  await eva.page.goto("about:blank");
  await eva.page.goto(stage.url + link);
  await eva.page.getByTestId("joining-title").getByText("Join 新製品?").waitFor();
  await eva.page.getByTestId("joining-cancel").click();
  await eva.page.getByTestId("joining-cancel").waitFor({ state: "detached" });
  await eva.page.reload();
  await eva.composer.waitFor();
  assert.equal(await eva.page.locator("html[data-join]").count(), 0, "it is asked once");
  await eva.page.goto("about:blank");
  await eva.page.goto(stage.url + link);
  await eva.page.getByTestId("joining-confirm").click();
  await eva.page.getByRole("heading", { level: 1, name: "新製品" }).waitFor();
  await eva.sees("welcome", "thanks");
  await until("three are in it", async () => (await hanako.page.locator(".conversation-people").innerText()) === "3 people");
});

story("a link that is used up or withdrawn says that it does not work any more", REFUSED, async (stage) => {
  const hanako = await host(stage, "den");
  const once = await makeLink(hanako, { uses: "1" });
  const bert = await stage.visitor();
  await bert.enter("Bert", once);
  await bert.page.getByTestId("joining-confirm").click();
  await bert.page.getByRole("heading", { level: 1, name: "den" }).waitFor();

  const eva = await stage.visitor();
  await eva.page.goto(stage.url + once);
  await eva.page.getByTestId("joining-note").getByText("This link does not work any more.").waitFor();
  await eva.page.getByTestId("name-input").fill("Eva");
  await eva.page.getByTestId("name-submit").click();
  await eva.page.getByTestId("joining-problem").getByText("This link does not work any more.").waitFor();
  assert.equal(await eva.page.getByTestId("joining-confirm").count(), 0);
  await eva.page.keyboard.press("Escape");
  await eva.say("I am in general");
  await eva.allSent();

  await hanako.page.getByTestId("room-details-close").click();
  const many = await makeLink(hanako);
  const eva2 = await stage.visitor();
  await eva2.enter("Eva", many);
  await eva2.page.getByTestId("joining-confirm").waitFor();
  await hanako.page.getByTestId("room-link-withdraw").click();
  await hanako.page.getByTestId("link-into-room").waitFor({ state: "detached" });
  await eva2.page.getByTestId("joining-confirm").click();
  await eva2.page.getByTestId("joining-problem").getByText("This link does not work any more.").waitFor();
});

/** Shows every screen about links to `look`. */
async function invites(stage, options, look) {
  const hanako = await host(stage, "新製品", options);
  await makeLink(hanako);
  await hanako.page.getByTestId("link-into-room").waitFor();
  await hanako.page.getByTestId("link-into-room").scrollIntoViewIfNeeded();
  await look(hanako.page, "made");
}

async function follows(stage, options, look) {
  const hanako = await host(stage, "新製品");
  const link = await makeLink(hanako);
  const eva = await stage.visitor(options);
  const { page } = eva;
  await page.goto(stage.url + link);
  await page.getByTestId("joining-note").getByText("新製品").waitFor();
  await look(page, "first-page");
  await page.getByTestId("name-input").fill("Eva");
  await page.getByTestId("name-submit").click();
  await page.getByTestId("joining-confirm").waitFor();
  await look(page, "question");
  await hanako.page.getByTestId("room-link-withdraw").click();
  await hanako.page.getByTestId("link-into-room").waitFor({ state: "detached" });
  await page.getByTestId("joining-confirm").click();
  await page.getByTestId("joining-problem").getByText(/./).waitFor();
  await look(page, "ended");
}

for (const screen of Object.keys(SCREENS)) {
  for (const walk of [invites, follows]) {
    story(`every screen of whoever ${walk.name} by a link: ${screen}`, REFUSED, async (stage) => {
      const same = ["Hiroba", "general", "Enter", "Shift", "Ctrl", "Eva", "http"];
      const pictures = new Pictures(screen, "room_links", same, (word) => /join=|127\.0\.0\.1/.test(word));
      await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
      assert.deepEqual(pictures.findings, {});
    });
  }
}
