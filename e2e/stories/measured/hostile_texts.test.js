import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { story } from "../../harness/story.js";

const CORPUS = new URL("../../../shared/tests/corpus/markdown.json", import.meta.url);
/** Characters of the longest message, which may have a thousand elements, and of the longest text that is parsed. */
const [SENT, PARSED] = [4_000, 16 * 1024];
/** Milliseconds from a key until the preview is laid out. */
const [ELEMENTS, SIGNS] = [700, 150];

story("signs without end keep nobody waiting", {}, async (stage, t) => {
  const anna = await stage.enter("Anna");
  const { repeated } = JSON.parse(await readFile(CORPUS, "utf8"));
  // A preview is made of texts that are longer than what may be sent, too.
  await anna.page.getByTestId("preview").click();
  const write = (text) =>
    anna.composer.evaluate((box, text) => {
      box.value = text;
      const begun = performance.now();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      return new Promise((resolve) => setTimeout(() => resolve(performance.now() - begun)));
    }, text);
  const times = [];
  for (const piece of repeated) {
    const [length, limit] = piece.length === 1 ? [PARSED, SIGNS] : [SENT, ELEMENTS];
    const took = await write(piece.repeat(length / piece.length));
    times.push(`${JSON.stringify(piece)} ${took.toFixed(1)}`);
    assert.ok(took < limit, `${JSON.stringify(piece)} takes ${took} ms`);
  }
  t.diagnostic(`ms from a key to the preview: ${times.join(", ")}`);
});
