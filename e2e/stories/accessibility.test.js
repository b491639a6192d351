import assert from "node:assert/strict";

import { hold } from "../harness/conversation.js";
import { accessibilityFindings } from "../harness/scan.js";
import { story } from "../harness/story.js";

const SCREENS = {
  "wide, light, English": { locale: "en-US", colorScheme: "light" },
  "wide, dark, Japanese": { locale: "ja-JP", colorScheme: "dark" },
  "390 px, light, Japanese": { locale: "ja-JP", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true },
  "390 px, dark, English": { locale: "en-US", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true },
};

for (const [screen, options] of Object.entries(SCREENS)) {
  story(`axe finds nothing serious: ${screen}`, { flags: ["--rate-limits", "off"] }, async (stage) => {
    await hold(stage);
    const context = await stage.context(options);
    const page = await context.newPage();
    await page.goto(stage.url);
    await page.getByTestId("name-input").waitFor();
    assert.deepEqual(await accessibilityFindings(page), [], "the name page");
    await page.close();

    const anna = await stage.enter("Anna", { context });
    await anna.messages.first().waitFor();
    assert.deepEqual(await accessibilityFindings(anna.page), [], "the conversation");

    for (const opener of ["drawer-open", "members-open", "settings-open"]) {
      const button = anna.page.getByTestId(opener);
      if (!(await button.isVisible())) continue;
      await button.click();
      assert.deepEqual(await accessibilityFindings(anna.page), [], `after ${opener}`);
      await anna.page.keyboard.press("Escape");
    }
  });
}
