import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Writes a question with an answer and returns its address. */
async function ask(stage) {
  const bert = await stage.wire("Bert");
  const { seq } = await bert.post("general", "Where is it?");
  await bert.ask({ type: "chat", room: "general", content: "On the shelf", reply_to: seq, client_message_id: randomUUID() });
  return { seq, path: `/r/general/t/${seq}` };
}

const path = (person) => new URL(person.page.url()).pathname;
const replies = (person) => person.page.getByTestId("details").getByText("On the shelf");

async function openThread(person) {
  await person.message("Where is it?").hover();
  await person.message("Where is it?").getByTestId("tool-more").click();
  await person.page.getByTestId("menu-replies").click();
  await replies(person).waitFor();
}

story("a thread has an address, and Back and Forward lead through it", FAST, async (stage) => {
  const thread = await ask(stage);
  const anna = await stage.enter("Anna");
  await openThread(anna);
  await until("the address is its own", () => path(anna) === thread.path);
  await anna.page.goBack();
  await replies(anna).waitFor({ state: "detached" });
  assert.equal(path(anna), "/r/general");
  await anna.page.goForward();
  await replies(anna).waitFor();
  assert.equal(path(anna), thread.path);

  await anna.page.reload();
  await replies(anna).waitFor();
  assert.equal(path(anna), thread.path, "a reload returns to it");
  await anna.page.getByTestId("details-close").click();
  await until("the address is the room's", () => path(anna) === "/r/general");

  await anna.page.goto(stage.url + thread.path);
  await replies(anna).waitFor();
  await anna.join("kitchen");
  await replies(anna).waitFor({ state: "detached" });
  await anna.page.goBack();
  await replies(anna).waitFor();
  assert.equal(await anna.openRoom(), "general");
  assert.equal(path(anna), thread.path);
  await anna.page.goForward();
  await until("the other room is open again", async () => (await anna.openRoom()) === "kitchen");
  assert.equal(path(anna), "/r/kitchen");
});

story("a thread that is closed leaves no step behind that leads nowhere", FAST, async (stage) => {
  await ask(stage);
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.open("general");
  for (let time = 0; time < 2; time += 1) {
    await openThread(anna);
    await anna.page.getByTestId("details-close").click();
    await replies(anna).waitFor({ state: "detached" });
    await until("the address is the room's", () => path(anna) === "/r/general");
  }
  await anna.page.goBack();
  await until("Back leads to the room before", async () => (await anna.openRoom()) === "kitchen");
});

story("a dialog above a thread closes alone", FAST, async (stage) => {
  const thread = await ask(stage);
  const anna = await stage.enter("Anna", { viewport: { width: 900, height: 800 }, path: thread.path });
  await replies(anna).waitFor();
  await anna.page.keyboard.press("Control+/");
  await anna.page.getByTestId("help-close").waitFor();
  await anna.page.goBack();
  await anna.page.getByTestId("help-close").waitFor({ state: "detached" });
  await replies(anna).waitFor();
  await until("the address is the thread's", () => path(anna) === thread.path);
});

story("an address of a thread leads there through the name page, and a wrong one says so", FAST, async (stage) => {
  const thread = await ask(stage);
  const anna = await stage.enter("Anna", { path: thread.path });
  await replies(anna).waitFor();
  assert.equal(path(anna), thread.path);
  await anna.page.goto(`${stage.url}/r/general/t/999`);
  await anna.page.getByTestId("details").getByText("no longer there").waitFor();
});

story("on a telephone Back leads from the thread to the room, and to the list of rooms", FAST, async (stage) => {
  const thread = await ask(stage);
  const anna = await stage.enter("Anna", { ...PHONE, path: thread.path });
  await replies(anna).waitFor();
  await until("the address is its own", () => path(anna) === thread.path);
  await anna.page.goBack();
  await replies(anna).waitFor({ state: "hidden" });
  await until("the address is the room's", () => path(anna) === "/r/general");
  assert.ok(await anna.composer.isVisible());
  await anna.page.goBack();
  await anna.room("general").waitFor();

  await anna.page.goForward();
  await anna.room("general").waitFor({ state: "hidden" });
  await anna.page.goto(stage.url + thread.path);
  await replies(anna).waitFor();
  await anna.page.getByTestId("details-close").click();
  await replies(anna).waitFor({ state: "hidden" });
  await until("the address is the room's", () => path(anna) === "/r/general");
});
