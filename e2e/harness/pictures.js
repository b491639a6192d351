// Pictures of screens in four looks, and what is wrong with them.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { accessibilityFindings, latinWords, settled, sidewaysScroll } from "./scan.js";
import { OUT } from "./story.js";

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** The looks: options of a browser context. */
export const SCREENS = {
  "wide-light-en": { locale: "en-US", colorScheme: "light" },
  "wide-dark-ja": { locale: "ja-JP", colorScheme: "dark" },
  "phone-light-ja": { ...PHONE, locale: "ja-JP", colorScheme: "light" },
  "phone-dark-en": { ...PHONE, locale: "en-US", colorScheme: "dark" },
};

/** Takes pictures in one look. `about` is part of their names; words that are `same` in both languages are no finding. */
export class Pictures {
  /** What is wrong, by picture. */
  findings = {};

  constructor(screen, about, same = ["Hiroba", "general", "Enter", "Shift", "Ctrl"], isSame = () => false, look = SCREENS[screen]) {
    Object.assign(this, { screen, about, same, isSame, look });
  }

  /** The options of the browser context. */
  get options() {
    return { ...this.look, reducedMotion: "reduce" };
  }

  async take(page, what) {
    await mkdir(OUT, { recursive: true });
    await page.mouse.move(0, 0);
    await settled(page);
    await page.screenshot({ path: path.join(OUT, `${this.screen}-${this.about}-${what}.png`) });
    const found = [...(await accessibilityFindings(page))];
    const { over, wide } = await sidewaysScroll(page);
    if (over > 0) found.push(`scrolls sideways: ${wide}`);
    if (this.options.locale === "ja-JP") {
      found.push(...(await latinWords(page, this.same)).filter((word) => !this.isSame(word)));
    }
    if (found.length > 0) this.findings[what] = found;
  }
}
