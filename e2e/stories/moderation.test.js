import assert from "node:assert/strict";

import { Pictures, SCREENS } from "../harness/pictures.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open", "--rate-limits", "off"] };

async function owner(stage, options) {
  const olga = await stage.visitor(options);
  await olga.enterByLink(await stage.server.ownerLink(), "Olga", PASSWORD);
  return olga;
}

const barrier = ({ page }) => page.getByTestId("composer-barrier");

/** Opens what can be done about a member. */
async function about({ page }, name) {
  const list = page.getByTestId("member-list");
  if (!(await list.isVisible())) await page.getByTestId("members-open").click();
  await page.getByTestId("member-item").filter({ hasText: name }).getByTestId("member-open").click();
}

async function openDetails({ page }) {
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("room-details-open").click();
  await page.getByTestId("room-details-close").waitFor();
}

async function menuOf(person, text) {
  const row = person.message(text);
  await row.hover();
  await row.getByTestId("tool-more").click();
  await person.page.getByRole("menu").waitFor();
}

/** Mutes or bans somebody: `time` is the number of the choice. */
async function restrict(person, name, kind, time, reason = "") {
  const { page } = person;
  await about(person, name);
  await page.getByTestId(`person-${kind}`).click();
  await page.getByTestId("restriction-time").selectOption({ index: time });
  await page.getByTestId("restriction-reason").fill(reason);
  await page.getByTestId("restriction-confirm").click();
  await page.getByTestId("restriction-confirm").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
}

story("who is muted keeps what they write, is told for how long and why, and writes again when it is lifted", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await bert.say("hello");
  await bert.allSent();
  await olga.sees("hello");
  await bert.composer.fill("half a sentence");
  await restrict(olga, "Bert", "mute", 0, "too loud");
  await barrier(bert).getByText("You are muted in this room for 10 minutes more. The reason: too loud").waitFor();
  assert.ok(await bert.page.getByTestId("send").isDisabled());
  await bert.composer.press("Enter");
  assert.equal(await bert.composer.inputValue(), "half a sentence");
  await menuOf(bert, "hello");
  for (const name of ["react", "reply", "edit", "pin"]) {
    assert.equal(await bert.page.getByTestId(`menu-${name}`).count(), 0, name);
  }
  assert.equal(await bert.page.getByTestId("menu-delete").count(), 1, "what one wrote one may still delete");
  await bert.page.keyboard.press("Escape");
  await bert.page.reload();
  await barrier(bert).getByText("for 10 minutes more").waitFor();

  await openDetails(olga);
  await olga.page.getByTestId("restriction").getByText("Bert").waitFor();
  await olga.page.getByTestId("restriction").getByText("“too loud”").waitFor();
  await olga.page.getByTestId("restriction-lift").click();
  await olga.page.getByTestId("no-restrictions").waitFor();
  await barrier(bert).waitFor({ state: "detached" });
  await bert.composer.press("Enter");
  await olga.sees("hello", "half a sentence");
});

story("a mute that ends gives the composer back by itself", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await olga.member("Bert").waitFor();
  await olga.composer.fill("/mute Bert 3s");
  await olga.page.getByTestId("send").click();
  await barrier(bert).getByText("You are muted in this room for").waitFor();
  await bert.composer.fill("patience");
  await barrier(bert).waitFor({ state: "detached" });
  await bert.page.getByTestId("send").click();
  await olga.sees("patience");
});

story("in slow mode the text stays, the time is shown, and what was sent too soon elsewhere goes out by itself", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await openDetails(olga);
  await olga.page.getByTestId("slow-mode").selectOption("5");
  await olga.page.getByTestId("room-details-close").click();
  await openDetails(bert);
  await bert.page.getByTestId("room-usage").getByText("members wait 5 seconds").waitFor();
  await bert.page.getByTestId("room-details-close").click();
  await bert.say("one");
  await olga.sees("one");
  await barrier(bert).getByText(/you can write again in \d seconds?\./).waitFor();
  await bert.say("two");
  assert.equal(await bert.composer.inputValue(), "two", "it stays");
  await until("the button is usable again", () => bert.page.getByTestId("send").isEnabled());
  await bert.page.getByTestId("send").click();
  await olga.sees("one", "two");

  // After a reload the page does not know that it is too soon.
  await bert.page.reload();
  await bert.say("three");
  await barrier(bert).waitFor();
  assert.equal(await bert.page.locator('[data-failed="true"]').count(), 0);
  await olga.sees("one", "two", "three");
  await bert.allSent();
  await olga.say("who sets the pace does not wait");
  await olga.say("at all");
  await bert.sees("who sets the pace does not wait", "at all");
});

story("an archived room is read, not written, and stands at the end of the list until it is opened again", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await bert.join("zoo");
  await bert.join("kitchen");
  await olga.join("kitchen");
  await bert.say("the last word");
  await olga.sees("the last word");
  await openDetails(olga);
  await olga.page.getByTestId("archive-open").click();
  await olga.page.getByTestId("archive-cancel").click();
  await olga.page.getByTestId("archive-open").click();
  await olga.page.getByTestId("archive-confirm").click();
  await bert.page.getByTestId("composer-closed").getByText("This room is archived: it can only be read.").waitFor();
  assert.equal(await bert.composer.isVisible(), false);
  await menuOf(bert, "the last word");
  for (const name of ["react", "reply", "edit", "pin"]) {
    assert.equal(await bert.page.getByTestId(`menu-${name}`).count(), 0, name);
  }
  await bert.page.keyboard.press("Escape");
  await bert.room("kitchen").getByText("Archived").waitFor({ state: "attached" });
  const rooms = bert.page.getByTestId("room-list").locator("ul").first().getByTestId("room-item");
  const names = () => rooms.evaluateAll((items) => items.map((item) => item.dataset.room));
  await until("it is the last one", async () => (await names()).join() === "general,zoo,kitchen");
  await bert.page.reload();
  await bert.page.getByTestId("composer-closed").waitFor();

  await olga.page.getByTestId("archive-open").click();
  await olga.page.getByTestId("archive-confirm").click();
  await olga.page.getByTestId("keep-room").check();
  await bert.composer.waitFor();
  await bert.say("one more");
  await olga.sees("the last word", "one more");
});

story("who is removed or banned is told by whom, why, and when they may come back", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await about(olga, "Bert");
  await olga.page.getByTestId("person-remove").click();
  await olga.page.getByText("They may come back after 10 minutes.").waitFor();
  await olga.page.getByTestId("removal-reason").fill("off topic");
  await olga.page.getByTestId("removal-confirm").click();
  await bert.notice.getByText("Olga removed you from general. The reason: off topic").waitFor();
  await bert.page.getByTestId("notice-dismiss").click();
  await bert.page.getByTestId("go-general").click();
  await bert.notice.getByText("general could not be joined. You are banned from this room for 10 minutes more.").waitFor();

  const eva = await stage.enter("Eva");
  await restrict(olga, "Eva", "ban", 4, "spam");
  await eva.notice.getByText("Olga removed you from general. The reason: spam").waitFor();
  await eva.page.getByTestId("go-general").click();
  await eva.notice.getByText("general could not be joined. You are banned from this room.").waitFor();
  await openDetails(olga);
  const one = olga.page.getByTestId("restriction").filter({ hasText: "Eva" });
  await one.getByText("until somebody lifts it").waitFor();
  await one.getByTestId("restriction-lift").click();
  await one.waitFor({ state: "detached" });
  await eva.page.getByTestId("go-general").click();
  await eva.composer.waitFor();
});

story("moderators delete what others wrote, and everybody hears an announcement until they have closed it", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await bert.say("rude words");
  await olga.sees("rude words");
  await menuOf(bert, "rude words");
  await bert.page.keyboard.press("Escape");
  await menuOf(olga, "rude words");
  assert.equal(await olga.page.getByTestId("menu-edit").count(), 0);
  await olga.page.getByTestId("menu-delete").click();
  await olga.page.getByTestId("delete-confirm").click();
  await bert.page.getByTestId("tombstone").waitFor();
  const eva = await stage.enter("Eva");
  await olga.say("a word of Olga");
  await eva.sees("a word of Olga");
  await menuOf(eva, "a word of Olga");
  assert.equal(await eva.page.getByTestId("menu-delete").count(), 0);
  await eva.page.keyboard.press("Escape");

  await olga.composer.fill("/announce Maintenance at six");
  await olga.page.getByTestId("send").click();
  for (const person of [bert, eva]) {
    const heard = person.page.locator('[role="status"]').filter({ hasText: "Olga announces: Maintenance at six" });
    await heard.first().waitFor();
  }
  await bert.page.getByTestId("notice-dismiss").click();
  await bert.notice.waitFor({ state: "detached" });
});

/** Shows every screen about moderation to `look`: those of the one who moderates, or of the one concerned. */
async function moderates(stage, options, look) {
  const olga = await owner(stage, options);
  await olga.page.goto(`${stage.url}/r/kitchen`);
  const bert = await stage.enter("Bert", { path: "/r/kitchen" });
  await bert.say("宣伝です！ https://example.org/");
  await bert.allSent();
  const { page } = olga;
  await about(olga, "Bert");
  await page.getByTestId("person-mute").waitFor();
  await look(page, "person");
  for (const kind of ["mute", "ban"]) {
    await page.getByTestId(`person-${kind}`).click();
    await page.getByTestId("restriction-reason").fill("宣伝のため");
    await look(page, kind);
    await page.getByTestId("restriction-cancel").click();
    await about(olga, "Bert");
  }
  await page.getByTestId("person-remove").click();
  await page.getByTestId("removal-reason").waitFor();
  await look(page, "removal");
  await page.getByTestId("removal-cancel").click();
  await restrict(olga, "Bert", "mute", 1, "宣伝のため");
  if (await page.locator("#details.open").isVisible()) await page.getByTestId("details-close").click();
  await openDetails(olga);
  await page.getByTestId("slow-mode").selectOption("30");
  await page.getByTestId("restriction").waitFor();
  await look(page, "details");
  await page.getByTestId("archive-open").click();
  await page.getByTestId("archive-confirm").waitFor();
  await page.getByTestId("archive-confirm").scrollIntoViewIfNeeded();
  await look(page, "archiving");
}

async function concerned(stage, options, look) {
  const olga = await owner(stage);
  await olga.join("kitchen");
  const bert = await stage.enter("Bert", options);
  const { page } = bert;
  await bert.openFromAnywhere("kitchen");
  await openDetails(olga);
  await olga.page.getByTestId("slow-mode").selectOption("300");
  await olga.page.getByTestId("room-details-close").click();
  await bert.composer.fill("宣伝です！");
  await page.getByTestId("send").click();
  await barrier(bert).waitFor();
  await bert.composer.fill("もうひとつ");
  await look(page, "slow");
  await openDetails(bert);
  await page.getByTestId("room-usage").waitFor();
  await look(page, "usage");
  await page.getByTestId("room-details-close").click();
  await restrict(olga, "Bert", "mute", 1, "宣伝のため");
  await barrier(bert).getByText("宣伝のため").waitFor();
  await look(page, "muted");
  await openDetails(olga);
  await olga.page.getByTestId("archive-open").click();
  await olga.page.getByTestId("archive-confirm").click();
  await page.getByTestId("composer-closed").waitFor();
  await look(page, "archived");
  if (await page.getByTestId("drawer-open").isVisible()) {
    await page.getByTestId("drawer-open").click();
    await look(page, "archived-list");
    await page.getByTestId("drawer-close").click();
  }
  await olga.page.getByTestId("archive-open").click();
  await olga.page.getByTestId("archive-confirm").click();
  await olga.page.getByTestId("room-details-close").click();
  await olga.composer.fill("/announce 18時にメンテナンスを行います");
  await olga.page.getByTestId("send").click();
  await bert.notice.waitFor();
  await look(page, "announcement");
  await page.getByTestId("notice-dismiss").click();
  await restrict(olga, "Bert", "ban", 0, "宣伝のため");
  await bert.notice.waitFor();
  await look(page, "banned");
  await page.getByTestId("notice-dismiss").click();
  await page.goto(`${stage.url}/r/kitchen`);
  await bert.notice.waitFor();
  await look(page, "not-let-in");
}

for (const screen of Object.keys(SCREENS)) {
  for (const walk of [moderates, concerned]) {
    story(`every screen of whoever ${walk.name === "moderates" ? "moderates" : "is concerned"}: ${screen}`, OPEN, async (stage) => {
      const same = ["Hiroba", "general", "Enter", "Shift", "Ctrl", "Olga", "Bert", "kitchen"];
      const pictures = new Pictures(screen, "moderation", same);
      await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
      assert.deepEqual(pictures.findings, {});
    });
  }
}
