import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("what was written and not sent stays with its room, over a change of rooms and a reload", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.composer.fill("続きはあとで\nto be continued");
  await anna.open("general");
  assert.equal(await anna.composer.inputValue(), "");
  await anna.room("kitchen").getByText("Draft").waitFor();

  await anna.page.reload();
  await anna.room("kitchen").getByText("Draft").waitFor();
  await anna.open("kitchen");
  await until("the text is back", async () => (await anna.composer.inputValue()) === "続きはあとで\nto be continued");
  await anna.composer.press("Enter");
  await anna.sees("続きはあとで\nto be continued");
  await anna.open("general");
  assert.equal(await anna.room("kitchen").getByText("Draft").count(), 0);
});
