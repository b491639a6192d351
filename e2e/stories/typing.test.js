import assert from "node:assert/strict";

import { story } from "../harness/story.js";

story("typing in one tab shows in the other and goes when it is sent", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert", { locale: "ja-JP" });

  await anna.composer.pressSequentially("Hello");
  await bert.typing.getByText("Annaが入力中").or(bert.typing.getByText("Anna さんが入力中")).first().waitFor();
  assert.equal((await anna.typing.innerText()).trim(), "", "one's own typing is not shown");

  const before = await bert.composer.boundingBox();
  await anna.composer.press("Enter");
  await bert.sees("Hello");
  await bert.typing.getByText("Anna").first().waitFor({ state: "hidden" });
  assert.deepEqual(await bert.composer.boundingBox(), before, "the composer jumped when the typing line went");
});

story("typing goes when nothing more is typed, and when the text is taken back", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  const line = bert.typing.getByText("Anna").first();

  await anna.composer.pressSequentially("Well");
  await line.waitFor();
  await line.waitFor({ state: "hidden" });

  await anna.composer.pressSequentially("…");
  await line.waitFor();
  await anna.composer.fill("");
  await line.waitFor({ state: "hidden" });
});
