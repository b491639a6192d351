import assert from "node:assert/strict";

import { lives } from "../harness/page_end.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const question = (person) => person.page.getByTestId("parting-question");
const gate = (person) => person.page.getByTestId("name-input");

async function enterAgain(person, name) {
  await gate(person).fill(name);
  await gate(person).press("Enter");
  await person.composer.waitFor();
}

story("leaving Hiroba leads to the first page, and from there one comes back as somebody else", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.openSettings();
  await anna.page.getByTestId("sign-out").click();
  await gate(anna).waitFor();
  await lives(anna.page, "after leaving");
  assert.equal(new URL(anna.page.url()).pathname, "/");
  await enterAgain(anna, "Berta");
  await anna.say("here again");
  await anna.sees("here again");
  await anna.allSent();
});

/** What a person may be doing when they sign out. */
const MOMENTS = {
  "a name is being completed": async ({ composer, page }) => {
    await composer.pressSequentially("@");
    await page.getByTestId("completion").waitFor();
  },
  "an input method composes": async ({ composer, page }) => {
    await composer.focus();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Input.imeSetComposition", { text: "かいぎ", selectionStart: 3, selectionEnd: 3 });
  },
  "the menu of a message is open": async ({ messages, page }) => {
    await messages.last().hover();
    await messages.last().getByTestId("tool-more").click();
    await page.getByRole("menu").waitFor();
  },
  "the emoji are on their way": async ({ messages, page }) => {
    await page.route("**/emoji.json", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await route.continue();
    });
    await messages.last().hover();
    await messages.last().getByTestId("tool-react").click();
    await page.getByTestId("emoji-search").waitFor();
  },
  "a message is being edited": async ({ page, composer }) => {
    await composer.press("ArrowUp");
    await page.getByTestId("edit-input").pressSequentially(" more");
  },
  "a search is on its way": async ({ page }) => {
    const field = page.locator('input[data-testid="search-input"]:visible');
    await field.fill("line");
    await field.press("Enter");
  },
  "the conversation scrolls": async ({ timeline, page }) => {
    await timeline.hover();
    await page.mouse.wheel(0, -2_000);
  },
  "the room has only just changed": async (person) => {
    await person.page.getByTestId("new-room-open").click();
    await person.page.getByTestId("new-room-input").fill("kitchen");
    await person.page.getByTestId("new-room-submit").click();
  },
  "a finger rests on a message": async ({ messages }) => {
    await messages.last().evaluate((element) => {
      const { x, y } = element.getBoundingClientRect();
      const finger = { bubbles: true, pointerType: "touch", pointerId: 1, clientX: x + 40, clientY: y + 10 };
      element.dispatchEvent(new PointerEvent("pointerdown", finger));
    });
  },
};

story("whatever a person is doing when they leave, nothing asks later for what is gone", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 120, (number) => `line ${number}`);
  const anna = await stage.enter("Anna");
  for (const [what, act] of Object.entries(MOMENTS)) {
    await anna.say("mine");
    await anna.allSent();
    await act(anna);
    // Faster than any person, so that nothing has finished.
    await anna.page.evaluate(async () => {
      document.querySelector('[data-testid="settings-open"]').click();
      const button = () => document.querySelector('[data-testid="sign-out"]');
      while (!button()) await new Promise(requestAnimationFrame);
      button().click();
      document.querySelector('[data-testid="parting-confirm"]')?.click();
    });
    await until(`one is asked or out: ${what}`, async () => (await gate(anna).isVisible()) || (await anna.page.getByTestId("parting-confirm").count()) > 0);
    if (!(await gate(anna).isVisible())) {
      await anna.page.evaluate(() => document.querySelector('[data-testid="parting-confirm"]')?.click());
    }
    await gate(anna).waitFor();
    await lives(anna.page, what);
    await enterAgain(anna, "Anna");
  }
  await lives(anna.page, "at the end");
});

story("leaving a room asks when a draft or an unsent message would be lost, and only then", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.composer.fill("not yet finished");
  await anna.leaveRoom();
  const lost = question(anna).getByText("1 text that you began will be lost");
  await lost.waitFor();
  const [dialog, words] = [await question(anna).boundingBox(), await lost.boundingBox()];
  assert.ok(words.x - dialog.x >= 16, "the words do not touch the edge");
  await anna.page.getByTestId("parting-cancel").click();
  await question(anna).waitFor({ state: "hidden" });
  assert.equal(await anna.composer.inputValue(), "not yet finished");

  await anna.leaveRoom();
  await anna.page.getByTestId("parting-confirm").click();
  await until("one is in the other room", async () => (await anna.openRoom()) === "general");
  await anna.join("kitchen");
  assert.equal(await anna.composer.inputValue(), "", "what was given up is gone");
  await anna.leaveRoom();
  await until("nothing is asked", async () => (await anna.openRoom()) === "general");
  assert.equal(await question(anna).isVisible(), false);
  await lives(anna.page, "after leaving a room");
});

story("leaving Hiroba asks when something of any room would be lost", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.composer.fill("a draft");
  await anna.open("general");
  await anna.whole();
  stage.link.breakDown();
  await anna.say("on its way");
  await anna.openSettings();
  await anna.page.getByTestId("sign-out").click();
  await question(anna).getByText("1 text that you began").waitFor();
  await question(anna).getByText("1 message or change").waitFor();
  await anna.page.keyboard.press("Escape");
  await question(anna).waitFor({ state: "hidden" });
  assert.equal(await gate(anna).isVisible(), false);

  // The question stood above the settings.
  await anna.page.getByTestId("sign-out").click();
  await anna.page.getByTestId("parting-confirm").click();
  await gate(anna).waitFor();
  await lives(anna.page, "after leaving without a connection");
  assert.deepEqual(await anna.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("hiroba"))), []);
  stage.link.mend();
  await enterAgain(anna, "Berta");
  assert.equal(await anna.composer.inputValue(), "");
});
