import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const TABS = 5;

/** Opens tabs of one browser that is signed in. With `clock`, their time can be turned forward. */
async function tabs(stage, { clock = true, locks = true } = {}) {
  const context = await stage.context();
  if (clock) await context.clock.install();
  if (!locks) await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  const refreshes = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/api/v1/refresh")) refreshes.push(request);
  });
  const renewed = new Set();
  context.on("page", (page) => page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => {
    if (String(payload).includes('"type":"renewed"')) renewed.add(page);
  })));
  const first = await stage.visitor({ context });
  await first.signUp("Anna", PASSWORD);
  const all = [first];
  while (all.length < TABS) {
    const tab = await stage.visitor({ context });
    await tab.page.goto(stage.url);
    await tab.composer.waitFor();
    all.push(tab);
  }
  refreshes.length = 0;
  return { context, all, refreshes, renewed };
}

/** Each tab writes a message, which all of them see. */
async function everybodyWrites(all, word) {
  for (const [number, tab] of all.entries()) await tab.say(`${word} ${number}`);
  for (const tab of all) {
    await tab.allSent();
    await tab.message(`${word} ${all.length - 1}`).waitFor();
    assert.equal(await tab.page.locator("#gate").isVisible(), false);
  }
}

for (const locks of [true, false]) {
  const where = locks ? "" : ", also without Web Locks";
  story(`five tabs that wake together after two hours stay signed in, and one of them refreshes${where}`, { flags: ["--sign-up", "open", "--rate-limits", "off"], link: true, offline: true }, async (stage) => {
    const { context, all, refreshes } = await tabs(stage, { locks });
    await everybodyWrites(all, "before");
    refreshes.length = 0;
    stage.link.breakDown();
    await Promise.all(all.map((tab) => tab.banner.waitFor({ state: "attached" })));
    // A tab may begin to refresh at once, and reach the server when the link is mended.
    await context.clock.fastForward("02:00:00");
    stage.link.mend();
    await Promise.all(all.map((tab) => tab.page.evaluate(() => window.dispatchEvent(new Event("online")))));
    await Promise.all(all.map((tab) => tab.banner.waitFor({ state: "detached" })));
    await everybodyWrites(all, "after");
    const answered = await Promise.all(refreshes.map((request) => request.response().catch(() => null)));
    assert.equal(answered.filter((response) => response?.ok()).length, 1, "one tab refreshes for all");
  });
}

story("a connection is prolonged before its token ends", { flags: ["--sign-up", "open", "--rate-limits", "off"] }, async (stage) => {
  const { context, all, refreshes, renewed } = await tabs(stage);
  await everybodyWrites(all, "before");
  await context.clock.fastForward("00:12:30");
  await until("every connection is prolonged", () => renewed.size === TABS, { state: () => renewed.size });
  await everybodyWrites(all, "after");
  assert.equal(refreshes.length, 1, "one tab refreshes for all");
  await context.clock.fastForward("00:00:30");
  await everybodyWrites(all, "later");
  assert.equal(refreshes.length, 1);
});

story("a token that is copied ends the session everywhere, and nobody else's", { flags: ["--sign-up", "open"], refused: true }, async (stage) => {
  const { context, all } = await tabs(stage, { clock: false });
  const bert = await stage.visitor();
  await bert.signUp("Bert", PASSWORD);
  const [stolen] = await context.cookies();
  const replay = () =>
    fetch(`${stage.url}/api/v1/refresh`, {
      method: "POST",
      headers: { cookie: `${stolen.name}=${stolen.value}`, origin: stage.url },
    });
  await all[0].page.reload();
  await until("the token is replaced", async () => (await context.cookies())[0].value !== stolen.value);
  // The predecessor counts once, because its answer may have been lost; then a third one uses it.
  assert.deepEqual([(await replay()).status, (await replay()).status], [200, 401]);
  await Promise.all(all.map((tab) => tab.page.locator("#gate").waitFor({ timeout: 5_000 })));
  for (const tab of all) await tab.page.getByText("You were signed out.").waitFor();
  await bert.say("not me");
  await bert.allSent();
  await all[0].signIn("Anna", PASSWORD);
  await all[4].sees("not me");
});
