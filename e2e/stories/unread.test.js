import assert from "node:assert/strict";

import { turns } from "../harness/page_end.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };

/** Returns how far the element's top edge is below that of the message list, in pixels. */
const depth = (locator) =>
  locator.evaluate((element) => {
    const view = element.closest('[role="log"]');
    return element.getBoundingClientRect().top - view.getBoundingClientRect().top;
  });

const height = (person) => person.timeline.evaluate((view) => view.clientHeight);

/** Returns the text of the first message below the divider. */
const firstNew = (person) =>
  person.divider.evaluate((divider) => {
    const texts = [...divider.closest('[role="log"]').querySelectorAll('[data-testid="message-text"]')];
    const below = (text) => divider.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
    return texts.find(below).innerText;
  });

story("a room with 50 unread messages opens at the first of them, and reading makes them read", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 80, (number) => `old ${number}`);
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await bert.fill("general", 50);

  const badge = anna.room("general").getByText("50 unread");
  await badge.waitFor({ state: "attached" });
  await until("the title tells", async () => (await anna.page.title()).startsWith("(50)"));

  await anna.open("general");
  await anna.divider.waitFor();
  assert.equal(await firstNew(anna), "message 1");
  const top = await depth(anna.divider);
  assert.ok(top >= 0 && top < (await height(anna)) / 2, `the divider is ${top} px below the edge`);
  assert.equal(await badge.count(), 1, "what is further down is not read yet");

  await anna.scrollDown();
  await badge.waitFor({ state: "detached" });
  assert.equal(await anna.divider.count(), 1, "the divider stays while one reads");
  await until("the title tells no more", async () => !(await anna.page.title()).startsWith("("));

  await anna.open("kitchen");
  await anna.open("general");
  await anna.sees("message 50");
  assert.equal(await anna.divider.count(), 0, "nothing is new any more");
});

story("hundreds of unread messages: the page opens at the first one, further up than what a join tells", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 30, (number) => `old ${number}`);
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await bert.fill("general", 400);
  await anna.room("general").getByText("99+ unread").waitFor({ state: "attached" });

  await anna.open("general");
  await anna.divider.waitFor();
  assert.equal(await firstNew(anna), "message 1");
  await anna.page.getByTestId("jump-latest").click();
  await anna.sees("message 400");
  await anna.room("general").getByText("unread").waitFor({ state: "detached" });
});

story("what one device reads is read on the other, and what comes in is new on both", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  const phone = await anna.device();
  await phone.open("kitchen");
  await bert.fill("general", 50);
  const badge = (device) => device.room("general").getByText("50 unread");
  await badge(anna).waitFor({ state: "attached" });
  await badge(phone).waitFor({ state: "attached" });

  await phone.page.bringToFront();
  await phone.open("general");
  await phone.divider.waitFor();
  await phone.scrollDown();
  await badge(phone).waitFor({ state: "detached" });
  await badge(anna).waitFor({ state: "detached" });
  await anna.page.bringToFront();
  await anna.open("general");
  await anna.sees("message 50");
  assert.equal(await anna.divider.count(), 0, "it was read elsewhere");
});

story("Escape makes the open room read", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await bert.fill("general", 60);
  await anna.open("general");
  await anna.divider.waitFor();
  const badge = anna.room("general").getByText("60 unread");
  await badge.waitFor({ state: "attached" });
  await anna.page.keyboard.press("Escape");
  await badge.waitFor({ state: "detached" });
  await anna.divider.waitFor({ state: "detached" });
  assert.notEqual((await anna.texts()).at(0), undefined);
});

story("Escape in a field is about that field: what is unread stays so", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await bert.fill("general", 60);
  await anna.open("general");
  await anna.divider.waitFor();
  const input = anna.page.locator('input[data-testid="search-input"]:visible');
  await input.fill("words");
  await input.press("Escape");
  await input.press("Escape");
  await turns(anna.page);
  assert.equal(await anna.room("general").getByText("60 unread").count(), 1);
  assert.equal(await anna.divider.count(), 1);
  await anna.composer.press("Escape");
  await anna.divider.waitFor({ state: "detached" });
});

for (const [what, act, unread] of [
  ["read", (person) => person.scrollDown(), 0],
  ["marked unread", (person, menu) => menu(person), 3],
]) {
  story(`what is ${what} while the line dies is so for the server when the page is back`, { ...FAST, link: true, offline: true }, async (stage) => {
    const bert = await stage.wire("Bert");
    const anna = await stage.enter("Anna");
    await anna.join("kitchen");
    await bert.fill("general", 60);
    if (unread > 0) {
      await anna.open("general");
      await anna.scrollDown();
      await anna.room("general").getByText("unread").waitFor({ state: "detached" });
    }
    const phone = await anna.device();
    await phone.open("kitchen");
    await anna.whole();
    // What the page sends from now on never reaches the server.
    stage.link.holdToServer();
    await anna.page.bringToFront();
    if (unread === 0) await anna.open("general");
    await act(anna, async ({ page }) => {
      const row = anna.message("message 58");
      await row.hover();
      await row.getByTestId("tool-more").click();
      await page.getByTestId("menu-unread").click();
    });
    await turns(anna.page);
    // A page that still shows the room would send it again by itself.
    if (unread === 0) await anna.open("kitchen");
    stage.link.cut();
    stage.link.mend();
    const badge = phone.room("general").getByText(/unread/);
    await phone.page.bringToFront();
    if (unread === 0) await badge.waitFor({ state: "detached" });
    else await phone.room("general").getByText(`${unread} unread`).waitFor({ state: "attached" });
  });
}

story("a call by name is told apart from what is merely unread", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await bert.post("general", "just words");
  await bert.post("general", "@Anna, look at this");
  const item = anna.room("general");
  await item.getByText("1 mention of you").waitFor({ state: "attached" });
  await item.getByText("2 unread").waitFor({ state: "attached" });
  await anna.open("general");
  await item.getByText("mention of you").waitFor({ state: "detached" });
});

story("what is marked unread by hand stays so while one looks at it, until one leaves the room", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.open("general");
  await bert.fill("general", 10);
  await anna.sees("message 10");
  const fourth = anna.message("message 4");
  await fourth.hover();
  await fourth.getByTestId("tool-more").click();
  await anna.page.getByTestId("menu-unread").click();

  await anna.divider.waitFor();
  assert.equal(await firstNew(anna), "message 4");
  const item = anna.room("general");
  await item.getByText("7 unread").waitFor({ state: "attached" });
  await bert.post("general", "message 11");
  await anna.sees("message 11");
  await item.getByText("8 unread").waitFor({ state: "attached" });

  await anna.open("kitchen");
  await anna.open("general");
  await anna.divider.waitFor();
  assert.equal(await firstNew(anna), "message 4");
  await item.getByText("unread").waitFor({ state: "detached" });
});
