import assert from "node:assert/strict";

import { story } from "../harness/story.js";

story("typing in one tab shows in the other and goes when it is sent", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert", { locale: "ja-JP" });

  await anna.composer.pressSequentially("Hello");
  const line = bert.typing.filter({ hasText: /Anna.*入力中/ });
  await line.waitFor();
  assert.equal((await anna.typing.innerText()).trim(), "", "one's own typing is not shown");

  const before = await bert.composer.boundingBox();
  await anna.composer.press("Enter");
  await bert.sees("Hello");
  await line.waitFor({ state: "hidden" });
  assert.deepEqual(await bert.composer.boundingBox(), before, "the composer jumped when the typing line went");
});

story("typing goes when nothing more is typed, and when the text is taken back", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  const line = bert.typing.filter({ hasText: "Anna" });

  await anna.composer.pressSequentially("Well");
  await line.waitFor();
  await line.waitFor({ state: "hidden" });

  await anna.composer.pressSequentially("…");
  await line.waitFor();
  await anna.composer.fill("");
  await line.waitFor({ state: "hidden" });
});
