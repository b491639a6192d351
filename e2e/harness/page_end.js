// Checks that a page still works after a part of it has ended.

import assert from "node:assert/strict";

/** Waits until everything that was scheduled with a frame, a timer or a promise has run. */
export async function turns(page) {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
}

/** Asserts that the program has not stopped. What it printed is checked at the end of the story. */
export async function lives(page, what) {
  await turns(page);
  assert.equal(await page.locator("#crash").isVisible(), false, `the page has stopped: ${what}`);
}
