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

  await bert.leaveRoom();
  await until("Bert is somewhere else", async () => (await bert.openRoom()) !== "図書室");
  await anna.member("Bert").waitFor({ state: "detached" });
});

story("a message in another room marks that room as unread until it is opened", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.join("kitchen");
  const mark = anna.room("general").getByText("1 unread");
  assert.equal(await mark.count(), 0);

  await bert.post("general", "Hello there");
  await mark.waitFor({ state: "attached" });

  await anna.open("general");
  await anna.sees("Hello there");
  await mark.waitFor({ state: "detached" });
});
