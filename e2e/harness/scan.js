// Scans of a page.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
let source;

/** Rules that axe does not apply by itself. */
const BESIDES = { "target-size": { enabled: true } };

/** Returns everything that axe finds, however little it weighs, one line each; with `only` what this rule finds. */
export async function accessibilityFindings(page, only) {
  source ??= await readFile(AXE, "utf8");
  await settled(page);
  // Evaluated, not added as a script element, which the page's CSP rightly blocks.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const options = { resultTypes: ["violations"], preload: false, ...(only ? { runOnly: [only] } : { rules: BESIDES }) };
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), options);
  return violations.flatMap(({ id, impact, nodes }) => {
    return nodes.map((node) => `${impact} ${id}: ${node.html.slice(0, 160)} (${node.failureSummary})`);
  });
}

/** Returns how many pixels the page scrolls sideways, and the elements that stick out. */
export async function sidewaysScroll(page) {
  await settled(page);
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - width;
    const wide = [...document.body.querySelectorAll("*")].filter((element) => {
      return over > 0 && element.getBoundingClientRect().right > width + 1;
    });
    return { over, wide: wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)) };
  });
}

/**
 * Returns the Latin words that a person sees, hears or may hover on this screen, apart from `known` ones: names, what
 * people wrote, and words that are the same in both languages.
 */
export async function latinWords(page, known) {
  const texts = await page.evaluate(() => {
    const found = [];
    const spoken = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription"];
    for (const element of document.querySelectorAll("body, body *")) {
      if (["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT"].includes(element.tagName)) continue;
      // Skips what people wrote.
      if (element.closest('[data-testid="message-text"], [data-testid="announcer"], .quote, .card-text, .emoji')) continue;
      if (element.lang === "en" || element.closest('[lang="en"]:not(html)')) continue;
      for (const name of spoken) if (element.hasAttribute(name)) found.push(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent);
    }
    return [...found, document.title];
  });
  const words = texts.flatMap((text) => text.match(/[A-Za-z]{2,}/g) ?? []);
  return [...new Set(words)].filter((word) => !known.includes(word));
}

/** Waits until all animations have ended: contrast and width measured during one mean nothing. */
export async function settled(page) {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter((animation) => {
      return animation.effect.getComputedTiming().endTime !== Infinity;
    });
    await Promise.allSettled(finite.map((animation) => animation.finished));
  });
}
