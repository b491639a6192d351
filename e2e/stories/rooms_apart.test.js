import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("messages stay inside their room", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  await anna.join("kitchen");

  await anna.say("The soup is ready");
  await anna.sees("The soup is ready");
  await bert.say("Anybody here?");
  await bert.sees("Anybody here?");

  assert.deepEqual(await bert.texts(), ["Anybody here?"]);
  assert.deepEqual(await anna.texts(), ["The soup is ready"]);

  await anna.open("general");
  await anna.sees("Anybody here?");
  assert.deepEqual(await anna.texts(), ["Anybody here?"]);
});

story("a new room shows in everybody's list, and one can join and leave it", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  await anna.join("図書室");
  await bert.room("図書室").waitFor();

  await bert.join("図書室");
  await anna.member("Bert").waitFor();
  await bert.say("静かですね");
  await anna.sees("静かですね");

  await bert.page.getByTestId("leave-room").click();
  await until("Bert is somewhere else", async () => (await bert.openRoom()) !== "図書室");
  await anna.member("Bert").waitFor({ state: "detached" });
});

story("a message in another room marks that room as unread until it is opened", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.join("kitchen");
  const general = anna.room("general");
  const readText = await general.innerText();

  await bert.post("general", "Hello there");
  await until("general is marked", async () => (await general.innerText()) !== readText);
  assert.match(await general.innerText(), /1/, "the number of unread messages is told in text");

  await anna.open("general");
  await anna.sees("Hello there");
  await until("the mark is gone", async () => !/1/.test((await general.innerText()).replace(/\s/g, "")) || (await general.innerText()) === readText);
});
