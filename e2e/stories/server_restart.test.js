import assert from "node:assert/strict";

import { story } from "../harness/story.js";

for (const [how, end] of [
  ["stopped", (server) => server.stop()],
  ["killed", (server) => server.kill()],
]) {
  const name = `the server is ${how} and started again under an open page: banner, back, nothing lost or doubled`;
  story(name, { link: true, offline: true }, async (stage) => {
    const anna = await stage.enter("Anna");
    await anna.join("kitchen");
    await anna.say("the kitchen, before");
    await anna.allSent();
    await anna.open("general");
    await anna.say("before");
    await anna.sees("before");
    await anna.allSent();

    await end(stage.server);
    await anna.banner.waitFor();

    // The page stays disconnected while another client is back already and posts.
    stage.link.breakDown();
    await stage.server.startAgain();
    const bert = await stage.wire("Bert", { rooms: ["general", "kitchen"] });
    for (let number = 1; number <= 5; number += 1) await bert.post("general", `meanwhile ${number}`);
    await bert.post("kitchen", "the kitchen, meanwhile");
    assert.ok(await anna.banner.isVisible(), "the page is still cut off");

    stage.link.mend();
    const meanwhile = [1, 2, 3, 4, 5].map((number) => `meanwhile ${number}`);
    await anna.sees("before", ...meanwhile);
    await anna.back();
    await anna.say("after");
    await anna.allSent();
    await bert.frame("what Anna writes afterwards", (frame) => frame.content === "after");
    assert.deepEqual(await anna.texts(), ["before", ...meanwhile, "after"]);

    await anna.open("kitchen");
    await anna.sees("the kitchen, before", "the kitchen, meanwhile");
    assert.equal((await anna.texts()).length, 2);
  });
}

story("what is written while the server is away is sent once when it is back", { offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("before");
  await anna.allSent();

  await stage.server.stop();
  await anna.banner.waitFor();
  await anna.say("written offline, 1");
  await anna.say("written offline, 2");
  await anna.sees("before", "written offline, 1", "written offline, 2");

  await stage.server.startAgain();
  await anna.back();
  await anna.allSent();
  const bert = await stage.wire("Bert");
  const joined = bert.frames.find((frame) => frame.type === "joined");
  const stored = joined.events.map((event) => event.content);
  assert.deepEqual(stored, ["before", "written offline, 1", "written offline, 2"]);
  assert.deepEqual(await anna.texts(), stored);
});

story("a blip shorter than two seconds shows no banner", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert");
  await anna.page.evaluate(() => {
    window.bannerSeen = false;
    const look = () => {
      const banner = document.querySelector('[data-testid="banner"]');
      window.bannerSeen ||= banner?.checkVisibility() === true;
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });

  stage.link.cut();
  await bert.post("general", "during the blip");
  await anna.sees("during the blip");
  assert.equal(await anna.page.evaluate(() => window.bannerSeen), false);
});
