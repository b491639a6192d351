import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** An attempt without an answer times out by itself after 12 s; an earlier one was requested. */
const SOON = 9_000;

story("“Retry now” makes a new attempt while one hangs", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  // From now on connections are accepted and never answered.
  stage.link.holdToPage();
  stage.link.cut();
  const before = stage.link.made;
  await until("an attempt is made", () => stage.link.made > before);
  const began = Date.now();
  await anna.banner.waitFor();
  const hangs = stage.link.made;
  stage.link.mendForNew();
  await until("the attempt is old enough to hang", async () => {
    await anna.page.getByTestId("banner-retry").click({ timeout: 1_000 }).catch(() => {});
    return stage.link.made > hangs;
  });
  assert.ok(Date.now() - began < SOON, `it took ${Date.now() - began} ms`);
  await anna.back();
  await anna.say("back");
  await anna.allSent();
});

story("“Retry now” waits for no answer why there is no connection", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  let asked = 0;
  await anna.page.route("**/api/connect", () => (asked += 1));
  stage.link.breakDown();
  await anna.banner.waitFor();
  await until("the page asks why", () => asked > 0);
  stage.link.mend();
  const began = Date.now();
  await anna.page.getByTestId("banner-retry").click();
  await anna.back();
  assert.ok(Date.now() - began < 4_000, `it took ${Date.now() - began} ms`);
});
