import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** Opens the page by `origin` and enters a name, without waiting for the conversation. */
async function knock(context, origin) {
  const page = await context.newPage();
  await page.goto(origin);
  await page.getByTestId("name-input").fill("Anna");
  await page.getByTestId("name-submit").click();
  return page;
}

const REFUSED = { "en-US": "does not let pages from ORIGIN connect", "ja-JP": "ORIGINで開いたページからの接続を許可していません" };

for (const [locale, words] of Object.entries(REFUSED)) {
  story(`a page of a foreign name says so, with the flag that allows it, and connects once it is allowed: ${locale}`, { offline: true }, async (stage) => {
    const context = await stage.context({ locale });
    const origin = `http://chat.localhost:${stage.server.port}`;
    const page = await knock(context, origin);
    const banner = page.getByTestId("banner");
    await banner.getByText(words.replace("ORIGIN", origin)).waitFor();
    await banner.getByText(`--allow-origin ${origin}`).waitFor();

    await stage.server.stop();
    stage.server.flags = ["--allow-origin", origin];
    await stage.server.startAgain();
    await page.getByTestId("banner-retry").click();
    await page.getByTestId("composer").waitFor();
    await banner.waitFor({ state: "hidden" });
  });
}

story("a page whose connections something on the way swallows says that, and goes on trying", { link: true, offline: true }, async (stage) => {
  stage.link.bars = "GET /ws";
  const page = await knock(await stage.context(), stage.url);
  await page.getByTestId("banner").getByText("does not let this page connect").waitFor({ timeout: 30_000 });
  stage.link.bars = undefined;
  await page.getByTestId("composer").waitFor({ timeout: 30_000 });
});

story("what a plain address cannot do is said before a name is given and in the settings", {}, async (stage) => {
  const context = await stage.context();
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.getByTestId("name-input").waitFor();
  assert.equal(await page.getByTestId("plain-http").count(), 0, "this computer's own address may do everything");
  await context.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }));
  await page.reload();
  await page.getByTestId("plain-http").getByText("microphone").waitFor();
  await page.getByTestId("name-input").fill("Anna");
  await page.getByTestId("name-submit").click();
  await page.getByTestId("composer").waitFor();
  await page.getByTestId("settings-open").click();
  await page.getByTestId("settings").getByTestId("plain-http").waitFor();
  await until("it is shown", () => page.getByTestId("settings").getByTestId("plain-http").isVisible());
});
