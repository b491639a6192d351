// The one Chromium of a story file.

import { chromium } from "playwright-core";
import { after } from "node:test";

let launched;

// At the top level of the file, so that it applies to all of its stories.
after(async () => (await launched)?.close());

/** Returns Debian's Chromium, or the one that `HIROBA_CHROMIUM` names. */
export function browser() {
  if (!launched) {
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    launched = chromium.launch({
      executablePath: process.env.HIROBA_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        ...asRoot,
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }
  return launched;
}
