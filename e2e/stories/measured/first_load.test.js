import assert from "node:assert/strict";

import { countFetches, hold, isPieceOf } from "../../harness/pieces.js";
import { story } from "../../harness/story.js";
import { until } from "../../harness/until.js";

/** Limits of what the browser fetches, compressed as sent and with headers, in bytes (docs/ux.md). */
const UNTIL_A_NAME = 190 * 1024;
const UNTIL_A_MESSAGE = 340 * 1024;

/** The pieces that are fetched a moment after the page is there. */
const REST = ["panels", "dialogs", "account", "notices", "writing", "emoji"];

story("what the browser fetches before one can act stays within its budget", {}, async (stage, t) => {
  const page = await (await stage.context()).newPage();
  const fetches = await countFetches(page);
  const letProgramGo = await hold(page, (url) => url.pathname.endsWith("/client_bg.wasm"));
  const letRestGo = await hold(page, (url) => REST.some((name) => isPieceOf(name)(url)));

  const started = Date.now();
  await page.goto(stage.url, { waitUntil: "domcontentloaded" });
  await page.getByTestId("name-input").fill("Anna");
  const ready = Date.now() - started;
  const first = fetches.total();
  assert.ok(fetches.sizes.size >= 4, "the page, its styles and its scripts at least");
  t.diagnostic(`${String(first).padStart(8)} bytes until one can type a name, after ${ready} ms`);
  assert.ok(first <= UNTIL_A_NAME, `${first} bytes are over the budget of ${UNTIL_A_NAME}`);

  // Whoever is quicker than the program need not do it again.
  await page.getByTestId("name-submit").click();
  await page.getByText("Opening the square").waitFor();
  letProgramGo();
  const composer = page.getByTestId("composer");
  await composer.fill("hello");
  await composer.press("Enter");
  await page.getByTestId("message-text").filter({ hasText: "hello" }).waitFor();
  const second = fetches.total();
  t.diagnostic(`${String(second).padStart(8)} bytes until one has written in a room`);
  assert.ok(second <= UNTIL_A_MESSAGE, `${second} bytes are over the budget of ${UNTIL_A_MESSAGE}`);

  letRestGo();
  const came = (name) => [...fetches.sizes.keys()].some((path) => path.includes(`/split_${name}.`));
  await until("the rest is there", () => REST.every(came));
  for (const [path, size] of fetches.sizes) t.diagnostic(`${String(size).padStart(8)} bytes  ${path}`);
  t.diagnostic(`${String(fetches.total()).padStart(8)} bytes in all`);
  const program = [...fetches.sizes.keys()].find((path) => path.endsWith("/client_bg.wasm"));
  const kept = (await fetch(stage.url + program)).headers.get("cache-control");
  assert.match(kept, /immutable/, "the next visit need not ask for the program again");
  const foreign = [...fetches.urls.values()].filter((url) => !url.startsWith(stage.url) && !url.startsWith("data:"));
  assert.deepEqual(foreign, [], "the page asks nobody but its own server");
});

story("the page is ready to type within a second, and what is typed early is not lost", {}, async (stage, t) => {
  const page = await (await stage.context({ locale: "ja-JP" })).newPage();
  const letProgramGo = await hold(page, (url) => url.pathname.endsWith("/client_bg.wasm"));
  const started = Date.now();
  await page.goto(stage.url, { waitUntil: "domcontentloaded" });
  const field = page.getByTestId("name-input");
  await field.pressSequentially("はな");
  const ready = Date.now() - started;
  t.diagnostic(`typed after ${ready} ms`);
  assert.ok(ready < 1_000, `it took ${ready} ms`);
  assert.equal(await field.getAttribute("placeholder"), "例：はなこ");
  assert.equal(await page.getByText("Your name").isVisible(), false);
  letProgramGo();
  await page.getByTestId("lang-ja").waitFor();
  await field.pressSequentially("こ");
  assert.equal(await field.inputValue(), "はなこ", "the caret stayed where it was");
  await page.getByTestId("lang-en").click();
  await page.getByText("Your name").waitFor();
  assert.equal(await field.getAttribute("placeholder"), "For example Hanako");
  await field.press("Enter");
  await page.getByTestId("composer").waitFor();
});
