// Whether a page still lives after something of it has ended.

import assert from "node:assert/strict";

/** Waits until everything that was asked for with a frame, a timer or a promise has had its turn. */
export async function turns(page) {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
}

/** The program has not stopped. What it printed is for the end of the story to find. */
export async function lives(page, what) {
  await turns(page);
  assert.equal(await page.locator("#crash").isVisible(), false, `the page has stopped: ${what}`);
}
