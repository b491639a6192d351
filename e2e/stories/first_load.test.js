import assert from "node:assert/strict";

import { story } from "../harness/story.js";

/** Limit of everything that the first visit loads, compressed as sent, in bytes (docs/ux.md). */
const BUDGET = 350 * 1024;

story("the first load stays within its budget", {}, async (stage, t) => {
  const context = await stage.context();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  const sizes = new Map();
  const urls = new Map();
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));

  const started = Date.now();
  await page.goto(stage.url);
  await page.getByTestId("name-input").waitFor();
  const ready = Date.now() - started;
  await page.waitForLoadState("networkidle");

  let total = 0;
  for (const [id, size] of sizes) {
    t.diagnostic(`${String(size).padStart(8)} bytes  ${new URL(urls.get(id)).pathname}`);
    total += size;
  }
  t.diagnostic(`${String(total).padStart(8)} bytes in all, headers included; ready to type after ${ready} ms`);
  assert.ok(sizes.size >= 3, "the page, its program and its glue at least");
  assert.ok(total <= BUDGET, `${total} bytes are over the budget of ${BUDGET}`);
  const foreign = [...urls.values()].filter((url) => !url.startsWith(stage.url) && !url.startsWith("data:"));
  assert.deepEqual(foreign, [], "the page asks nobody but its own server");
});
