import assert from "node:assert/strict";

import { isPieceOf } from "../harness/pieces.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** Ways in which a piece does not come. */
const FAILURES = {
  "there is no network": (route) => route.abort("internetdisconnected"),
  "the server has another build by now": (route) => route.fulfill({ status: 404, body: "" }),
  "something else comes in its place": (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<p>Sign in</p>" }),
};

const failed = (page) => page.getByTestId("later-failed");

for (const [why, fail] of Object.entries(FAILURES)) {
  story(`${why}: the page says that the program did not come, and keeps the name`, { missing: true }, async (stage) => {
    const page = await (await stage.context()).newPage();
    const program = (url) => url.pathname.endsWith("/client_bg.wasm");
    let letGo;
    const typed = new Promise((resolve) => (letGo = resolve));
    await page.route(program, async (route) => {
      await typed;
      await fail(route);
    });
    await page.goto(stage.url, { waitUntil: "domcontentloaded" });
    await page.getByTestId("name-input").fill("Anna");
    await page.getByTestId("name-submit").click();
    letGo();
    const reload = page.getByTestId("reload").last();
    await reload.waitFor();
    await page.unroute(program);
    await reload.click();
    await page.getByTestId("name-input").waitFor();
    assert.equal(await page.getByTestId("name-input").inputValue(), "Anna");
    await page.getByTestId("name-submit").click();
    await page.getByTestId("composer").waitFor();
  });

  story(`${why}: a panel says so, a draft stays, and the panel opens at the next try`, { missing: true }, async (stage) => {
    const context = await stage.context();
    const panels = isPieceOf("panels");
    await context.route(panels, fail);
    const anna = await stage.enter("Anna", { context });
    await anna.composer.fill("a draft");
    await anna.page.getByTestId("pins-open").click();
    await failed(anna.page).waitFor();
    assert.ok(await anna.page.getByTestId("later-again").isVisible());
    await until("reloading is not offered over a draft", async () => !(await anna.page.getByTestId("later-reload").isVisible()));
    assert.match(await failed(anna.page).innerText(), /reload the page once what you have written is sent/);

    await anna.composer.press("Enter");
    await anna.sees("a draft");
    await anna.page.getByTestId("later-reload").waitFor();
    await anna.composer.fill("another draft");
    await context.unroute(panels);
    await anna.page.getByTestId("later-again").click();
    await anna.page.getByText("Nothing is pinned").waitFor();
    assert.equal(await anna.composer.inputValue(), "another draft");
  });
}

story("reloading gets the pieces of the present build, and one is still there", { missing: true }, async (stage) => {
  const context = await stage.context();
  const dialogs = isPieceOf("dialogs");
  await context.route(dialogs, FAILURES["the server has another build by now"]);
  const anna = await stage.enter("Anna", { context });
  await anna.say("before");
  await anna.allSent();
  await anna.openSettings();
  await failed(anna.page).waitFor();
  await context.unroute(dialogs);
  await anna.page.getByTestId("later-reload").click();
  await anna.composer.waitFor();
  await anna.sees("before");
  await anna.switchLanguage("ja");
});

story("once everything is fetched, nothing more is asked of the network", {}, async (stage) => {
  const context = await stage.context();
  const page = await context.newPage();
  const fetched = [];
  page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    // What the server allows may change, so the settings ask for it.
    if (pathname !== "/api/v1/entrance") fetched.push(pathname);
  });
  await page.goto(stage.url);
  await page.getByTestId("name-input").fill("Anna");
  await page.getByTestId("name-submit").click();
  await page.getByTestId("composer").waitFor();
  await until("the last piece is there", () => fetched.some((path) => path.includes("/split_emoji.")));
  const before = fetched.length;
  await page.getByTestId("pins-open").click();
  await page.getByText("Nothing is pinned").waitFor();
  await page.getByTestId("settings-open").click();
  await page.getByTestId("theme-select").waitFor();
  assert.equal(fetched.length, before);
});

story("a session that the tab has kept begins without a name", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("here");
  await anna.allSent();
  await anna.page.reload();
  await anna.composer.waitFor();
  assert.ok(!(await anna.page.getByTestId("name-input").isVisible()));
  await anna.sees("here");
});
