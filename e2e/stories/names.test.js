import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("a taken name is no obstacle: one gets another and is told so", {}, async (stage) => {
  await stage.enter("Aiko");
  const second = await stage.enter("Aiko");
  await second.notice.filter({ hasText: "Aiko-2" }).waitFor();
  await second.say("Which one am I?");
  await second.allSent();
  assert.match(await second.page.getByTestId("message-author").first().innerText(), /Aiko-2/);
});

story("a guest whose name an account takes goes on under another one, and everybody sees it", { flags: ["--sign-up", "open"] }, async (stage) => {
  const [hanako, ben] = [await stage.enter("Hanako"), await stage.enter("Ben")];
  await hanako.say("Good morning");
  await hanako.allSent();
  const answer = await fetch(new URL("/api/v1/sign-up", stage.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "hanako", password: "an uncommon password" }),
  });
  assert.equal(answer.status, 201);
  await hanako.notice.filter({ hasText: "Hanako-2" }).waitFor();
  await hanako.say("And who am I now?");
  await hanako.allSent();
  await ben.sees("Good morning", "And who am I now?");
  assert.match(await ben.page.getByTestId("message-author").last().innerText(), /Hanako-2/);
  await ben.page.getByTestId("member-item").filter({ hasText: "Hanako-2" }).waitFor();
});

story("from opening the page to the first message sent in three interactions", {}, async (stage) => {
  const context = await stage.context();
  const page = await context.newPage();
  await page.goto(stage.url);
  const focused = () => page.evaluate(() => document.activeElement?.dataset.testid);
  await page.getByTestId("name-input").waitFor();
  assert.equal(await focused(), "name-input", "one can type the name at once");
  await page.keyboard.type("Anna");
  await page.keyboard.press("Enter");
  await page.getByTestId("composer").waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "composer");
  await page.keyboard.type("Hello everybody");
  await page.keyboard.press("Enter");
  await page.getByTestId("message-text").getByText("Hello everybody").waitFor();
});

story("the page takes for names what the server takes for names", {}, async (stage) => {
  const corpus = JSON.parse(await readFile(new URL("../../shared/tests/corpus/names.json", import.meta.url)));
  const anna = await stage.enter("Anna");
  const input = anna.page.getByTestId("new-room-input");
  const rooms = anna.page.getByTestId("room-item");
  const submit = anna.page.getByTestId("new-room-submit");
  await anna.page.getByTestId("new-room-open").click();
  for (const name of corpus.refused) {
    await input.fill(name);
    await submit.click();
    await until(`${JSON.stringify(name)} is refused`, async () => (await input.getAttribute("aria-invalid")) === "true");
    assert.equal(await rooms.count(), 1);
    await input.fill("");
  }
  await anna.page.getByTestId("new-room-close").click();
  for (const [number, name] of corpus.taken.entries()) {
    await anna.page.getByTestId("new-room-open").click();
    await input.fill(name);
    await submit.click();
    await until(`${JSON.stringify(name)} is a room`, async () => (await rooms.count()) === number + 2);
  }
});

story("the link of a room leads there wherever it is pasted", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const name = "a)b (c) *v1.2!";
  await anna.page.getByTestId("new-room-open").click();
  await anna.page.getByTestId("new-room-input").fill(name);
  await anna.page.getByTestId("new-room-submit").click();
  const open = () => anna.page.locator('[data-testid="room-item"]:has([aria-current="page"])').getAttribute("data-room");
  await until("the room is open", async () => (await open()) === name);
  const url = await anna.page.evaluate(() => location.href);
  assert.ok(url.endsWith("/r/a%29b%20%28c%29%20%2Av1%2E2%21"), url);
  await anna.say(`see (${url}), please`);
  const link = anna.messages.locator("a[href*='/r/']").first();
  assert.equal(await link.getAttribute("href"), url);
  await anna.page.reload();
  await until("the same room is open", async () => (await open()) === name);
});
