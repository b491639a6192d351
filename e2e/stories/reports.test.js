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

async function openReporting(person, text) {
  const row = person.message(text);
  await row.hover();
  await row.getByTestId("tool-more").click();
  await person.page.getByTestId("menu-report").click();
  await person.page.getByTestId("report-send").waitFor();
}

async function report(person, text, reason = "") {
  await openReporting(person, text);
  await person.page.getByTestId("report-reason").fill(reason);
  await person.page.getByTestId("report-send").click();
  await person.page.getByTestId("report-thanks").waitFor();
  await person.page.getByTestId("report-done").click();
  await person.page.getByTestId("report-done").waitFor({ state: "detached" });
}

async function openReports({ page }) {
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("reports-open").click();
  await page.getByTestId("reports-close").waitFor();
}

/** Waits until this number is on the menu of the room; none: null. */
async function counts({ page }, number) {
  const told = () => page.getByTestId("room-menu-open").getAttribute("data-reports");
  await until(`the number is ${number}`, async () => (await told()) === number, { state: told });
}

story("a report reaches whoever keeps order, with the words said then, and is settled", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  const eva = await stage.enter("Eva");
  await bert.say("rude words");
  await eva.sees("rude words");
  await olga.sees("rude words");
  await report(eva, "rude words", "an insult");
  await counts(olga, "1");
  for (const person of [bert, eva]) await counts(person, null);
  await bert.composer.press("ArrowUp");
  await bert.page.getByTestId("edit-input").fill("nothing bad");
  await bert.page.getByTestId("edit-input").press("Enter");
  await olga.sees("nothing bad");

  await openReports(olga);
  const { page } = olga;
  const one = page.getByTestId("report");
  await one.getByTestId("report-words").getByText("rude words", { exact: true }).waitFor();
  await one.getByTestId("report-told").getByText(/Reported by Eva, .*: “an insult”/).waitFor();
  await one.getByTestId("report-go").click();
  await page.getByTestId("reports-close").waitFor({ state: "detached" });
  await until("the address is that of the message", async () => /\/r\/general\/m\/\d+$/.test(page.url()));

  await openReports(olga);
  await one.getByTestId("report-mute").click();
  await page.getByTestId("restriction-confirm").click();
  await bert.page.getByTestId("composer-barrier").waitFor();
  await one.getByTestId("report-delete").click();
  await page.getByTestId("delete-confirm").click();
  await bert.page.getByTestId("tombstone").waitFor();
  await one.getByTestId("report-words").getByText("rude words", { exact: true }).waitFor();
  await one.getByTestId("report-settle").click();
  await page.getByTestId("report-note").fill("muted for ten minutes");
  await page.getByTestId("report-note").press("Enter");
  await page.getByTestId("no-reports").waitFor();
  await page.getByTestId("reports-close").click();
  await counts(olga, null);
});

story("a reload keeps the count, and what comes meanwhile is in the open list", OPEN, async (stage) => {
  const olga = await owner(stage);
  const bert = await stage.enter("Bert");
  await olga.say("I am always right");
  await olga.say("really");
  await bert.sees("I am always right", "really");
  await report(bert, "I am always right");
  await counts(olga, "1");
  await olga.page.reload();
  await counts(olga, "1");
  await openReports(olga);
  await olga.page.getByText("another moderator settles it").waitFor();
  assert.equal(await olga.page.getByTestId("report-settle").count(), 0);
  await report(bert, "really", "twice");
  await until("both are listed", async () => (await olga.page.getByTestId("report").count()) === 2);
});

/** Shows every screen about reports to `look`. */
async function keepsOrder(stage, options, look) {
  const olga = await owner(stage, options);
  const { page } = olga;
  await olga.openFromAnywhere("general");
  const bert = await stage.enter("Bert");
  await openReports(olga);
  await page.getByTestId("no-reports").waitFor();
  await look(page, "none");
  await page.getByTestId("reports-close").click();
  await olga.composer.fill("ようこそ");
  await page.getByTestId("send").click();
  await olga.allSent();
  await bert.say("宣伝です！ https://example.org/");
  await bert.allSent();
  const eva = await stage.enter("Eva");
  await report(eva, "宣伝です！ https://example.org/", "宣伝のため");
  await report(eva, "ようこそ");
  await counts(olga, "2");
  await look(page, "counted");
  await openReports(olga);
  await until("both are listed", async () => (await page.getByTestId("report").count()) === 2);
  await page.getByTestId("report-settle").click();
  await page.getByTestId("report-note").waitFor();
  await look(page, "list");
}

async function reports(stage, options, look) {
  const bert = await stage.enter("Bert");
  await bert.say("宣伝です！");
  await bert.allSent();
  const eva = await stage.enter("Eva", options);
  const { page } = eva;
  const row = eva.message("宣伝です！");
  if (options.hasTouch) {
    await row.evaluate((element) => {
      const { x, y } = element.getBoundingClientRect();
      const finger = { bubbles: true, pointerType: "touch", pointerId: 1, clientX: x + 40, clientY: y + 10 };
      element.dispatchEvent(new PointerEvent("pointerdown", finger));
    });
  } else {
    await row.hover();
    await row.getByTestId("tool-more").click();
  }
  await page.getByTestId("menu-report").waitFor();
  await look(page, "menu");
  await page.getByTestId("menu-report").click();
  await page.getByTestId("report-reason").fill("宣伝のため");
  await look(page, "question");
  await page.getByTestId("report-send").click();
  await page.getByTestId("report-thanks").waitFor();
  await look(page, "thanks");
}

for (const screen of Object.keys(SCREENS)) {
  for (const walk of [keepsOrder, reports]) {
    story(`every screen of whoever ${walk.name === "reports" ? "reports" : "keeps order"}: ${screen}`, OPEN, async (stage) => {
      const same = ["Hiroba", "general", "Enter", "Shift", "Ctrl", "Olga", "Bert", "Eva", "https", "example", "org"];
      const pictures = new Pictures(screen, "reports", same);
      await walk(stage, pictures.options, (page, what) => pictures.take(page, what));
      assert.deepEqual(pictures.findings, {});
    });
  }
}
