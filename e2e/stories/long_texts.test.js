import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const line = (number) => `2026-11-28T12:00:${String(number % 60).padStart(2, "0")}Z INFO request ${number} took 12 ms`;
const TEXTS = {
  "a log of a megabyte in 20,000 lines": Array.from({ length: 20_000 }, (_, number) => line(number)).join("\n").slice(0, 1_000_000),
  "30,000 line breaks": "\n".repeat(30_000),
};

/** Lets the page tell how long a paste and each key take until they are drawn, in milliseconds. */
const watch = (box) => {
  window.times = [];
  let begun = 0;
  // Right after the frame that shows it.
  const drawn = () => requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - begun)));
  for (const event of ["paste", "keydown"]) box.addEventListener(event, () => (begun = performance.now()));
  box.addEventListener("input", drawn);
};

const middle = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** Pastes what is on the clipboard into a box and types after it; tells the times. */
async function pasteAndType(page, box) {
  await page.bringToFront();
  await box.evaluate(watch);
  const count = () => page.evaluate(() => window.times.length);
  await box.focus();
  await page.keyboard.press("Control+v");
  await until("the paste is drawn", async () => (await count()) === 1, { within: 60_000 });
  for (const [at, key] of [..."abcdefghijk"].entries()) {
    await page.keyboard.press(key);
    await until("the letter is drawn", async () => (await count()) === at + 2);
  }
  const [paste, ...keys] = await page.evaluate(() => window.times);
  return { paste, keys };
}

for (const [what, text] of Object.entries(TEXTS)) {
  story(`${what} in the box: quick keys, said to be too long at once, and kept`, {}, async (stage, t) => {
    const context = await stage.context({ permissions: ["clipboard-read", "clipboard-write"] });
    const anna = await stage.enter("Anna", { context });
    await anna.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    // What a bare box of this browser takes on this machine.
    const bare = await context.newPage();
    await bare.setContent(`<textarea style="width:800px;height:220px;font:16px sans-serif;overflow-wrap:anywhere"></textarea>`);
    const base = await pasteAndType(bare, bare.locator("textarea"));
    await bare.close();

    const { paste, keys } = await pasteAndType(anna.page, anna.composer);
    t.diagnostic(`paste ${paste.toFixed()} ms, bare ${base.paste.toFixed()}; a key ${middle(keys).toFixed()} ms, bare ${middle(base.keys).toFixed()}`);
    assert.ok(paste < 2 * base.paste + 500, `pasting took ${paste} ms, in a bare box ${base.paste}`);
    // A machine that does other work makes some keys slow, and those of the bare box as well.
    const [quickest, bareQuickest] = [Math.min(...keys), Math.min(...base.keys)];
    assert.ok(quickest < Math.max(50, 1.5 * bareQuickest), `keys took ${keys}, in a bare box ${base.keys}`);

    await anna.page.getByRole("alert").getByText("at most 4,000 characters").waitFor({ timeout: 1_000 });
    assert.equal(await anna.page.getByTestId("send").isDisabled(), true);

    // It can be cut to what fits, and survives a reload.
    await anna.page.reload();
    await until("the text is kept", async () => (await anna.composer.inputValue()) === `${text}abcdefghijk`);
    await anna.page.getByRole("alert").getByText("at most 4,000 characters").waitFor();
    await anna.composer.fill("短い");
    assert.equal(await anna.page.getByTestId("send").isDisabled(), false);
  });
}

story("what is too long is said in Japanese as well, and how much of it while that is near", {}, async (stage) => {
  const anna = await stage.enter("Anna", { locale: "ja-JP" });
  const alert = anna.page.getByRole("alert");
  await anna.composer.fill("あ".repeat(4_010));
  await alert.getByText("10文字超えています").waitFor();
  await anna.composer.fill("あ".repeat(40_000));
  await alert.getByText("メッセージは4,000文字まで").waitFor();
  await anna.composer.fill("あ".repeat(3_990));
  await anna.page.getByText("あと10文字").waitFor();
});
