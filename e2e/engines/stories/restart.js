import assert from "node:assert/strict";

import { story } from "../story.js";
import { id } from "../tab.js";

/** Runs in the page: notes when the banner is there for the first time. */
function watchForBanner(selector) {
  const look = () => {
    if (document.querySelector(selector)?.checkVisibility()) window.bannerAt ??= Date.now();
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
}

story("the server is killed and started again under an open page: banner, back, nothing lost or doubled", { link: true, offline: true }, async (stage, t) => {
  const banner = id("banner");
  const anna = await stage.enter("Anna");
  await anna.join("kitchen");
  await anna.say("the kitchen, before");
  await anna.allSent();
  await anna.open("general");
  await anna.say("before");
  await anna.allSent();
  await anna.tab.evaluate(watchForBanner, banner);

  const killed = Date.now();
  await stage.server.kill();
  await anna.tab.shows(banner);
  const after = (await anna.tab.evaluate(() => window.bannerAt)) - killed;
  t.diagnostic(`the banner came after ${after} ms`);
  assert.ok(after > 1_500 && after < 5_000, `the banner came after ${after} ms`);
  await anna.say("written offline");

  // The page stays disconnected while another client is back already and posts.
  stage.link.breakDown();
  await stage.server.startAgain();
  const bert = await stage.wire("Bert", { rooms: ["general", "kitchen"] });
  const meanwhile = [1, 2, 3, 4, 5].map((number) => `meanwhile ${number}`);
  for (const text of meanwhile) await bert.post("general", text);
  await bert.post("kitchen", "the kitchen, meanwhile");
  assert.ok(await anna.tab.isVisible(banner), "the page is still cut off");

  stage.link.mend();
  await anna.tab.hides(banner);
  await anna.allSent();
  await anna.say("after");
  await anna.allSent();
  await bert.frame("what Anna writes afterwards", (frame) => frame.content === "after");
  assert.deepEqual(await anna.texts(), ["before", ...meanwhile, "written offline", "after"]);
  assert.deepEqual(bert.texts("general").slice(-2), ["written offline", "after"]);

  await anna.open("kitchen");
  await anna.sees("the kitchen, before", "the kitchen, meanwhile");
  assert.equal((await anna.texts()).length, 2);
});
