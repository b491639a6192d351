import assert from "node:assert/strict";

import { story } from "../../harness/story.js";
import { until } from "../../harness/until.js";

const line = (number) => `2026-11-28T12:00:${String(number % 60).padStart(2, "0")}Z INFO request ${number} took 12 ms`;
const TEXTS = {
  "a log of a megabyte in 20,000 lines": Array.from({ length: 20_000 }, (_, number) => line(number)).join("\n").slice(0, 1_000_000),
  "30,000 line breaks": "\n".repeat(30_000),
};

/** Makes the page record how long a paste and each key take until they are drawn, in milliseconds. */
const watch = (box) => {
  window.times = [];
  let begun = 0;
  // Right after the frame that shows it.
  const drawn = () => requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - begun)));
  for (const event of ["paste", "keydown"]) box.addEventListener(event, () => (begun = performance.now()));
  box.addEventListener("input", drawn);
};

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Returns a function that returns layouts, and milliseconds of CPU time in scripts, since its last call. */
async function meter(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  let before = {};
  return async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    const now = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    const since = { layouts: now.LayoutCount - before.LayoutCount, script: 1000 * (now.ScriptDuration - before.ScriptDuration) };
    before = now;
    return since;
  };
}

/** Pastes the clipboard into a box and types after it. Returns the times, and the median work of a key. */
async function pasteAndType(page, box) {
  await box.evaluate(watch);
  const work = await meter(page);
  const count = () => page.evaluate(() => window.times.length);
  await box.focus();
  await page.keyboard.press("Control+v");
  await until("the paste is drawn", async () => (await count()) === 1, { within: 60_000 });
  const works = [];
  for (const [at, key] of [..."abcdefghijk"].entries()) {
    await work();
    await page.keyboard.press(key);
    await until("the letter is drawn", async () => (await count()) === at + 2);
    works.push(await work());
  }
  const [paste, ...keys] = await page.evaluate(() => window.times);
  const [layouts, script] = ["layouts", "script"].map((what) => middle(works.map((work) => work[what])));
  return { paste, keys, layouts, script };
}

/** Does the same in a box of the same style and place without listeners: the browser's own cost. */
async function pasteAndTypeBare({ page, composer }) {
  await composer.evaluate((box) => {
    const bare = box.cloneNode();
    bare.id = "bare";
    bare.style.height = "100vh";
    box.before(bare);
    box.style.display = "none";
  });
  const bare = page.locator("#bare");
  const taken = await pasteAndType(page, bare);
  await bare.evaluate((bare) => {
    bare.nextElementSibling.style.display = "";
    bare.remove();
  });
  return taken;
}

for (const [what, text] of Object.entries(TEXTS)) {
  story(`${what} in the box: quick keys, said to be too long at once, and kept`, {}, async (stage, t) => {
    const context = await stage.context({ permissions: ["clipboard-read", "clipboard-write"] });
    const anna = await stage.enter("Anna", { context });
    await anna.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    const base = await pasteAndTypeBare(anna);
    const { paste, keys, layouts, script } = await pasteAndType(anna.page, anna.composer);
    t.diagnostic(
      `paste ${paste.toFixed()} ms, bare ${base.paste.toFixed()}; a key ${middle(keys).toFixed()} ms, bare ${middle(base.keys).toFixed()}; ` +
        `of it in scripts ${script.toFixed(1)} ms, bare ${base.script.toFixed(1)}`,
    );
    assert.ok(paste < 2 * base.paste + 500, `pasting took ${paste} ms, in a bare box ${base.paste}`);
    // What the page adds to a key. The rest is the browser's, and differs with the machine and its load.
    assert.ok(script < base.script + 15, `the scripts of a key took ${script} ms, of a bare box ${base.script}`);
    assert.equal(layouts, base.layouts, "layouts of a key, and of one in a bare box");

    await anna.page.getByRole("alert").getByText("at most 4,000 characters").waitFor({ timeout: 1_000 });
    assert.equal(await anna.page.getByTestId("send").isDisabled(), true);

    // It can be cut to a length that fits, and survives a reload.
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
