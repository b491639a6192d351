import assert from "node:assert/strict";

import { FORMATTED, hold } from "../harness/conversation.js";
import { accessibilityFindings, latinWords, sidewaysScroll } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const SCREENS = {
  "wide, light, English": { locale: "en-US", colorScheme: "light" },
  "wide, dark, Japanese": { locale: "ja-JP", colorScheme: "dark" },
  "390 px, light, Japanese": { locale: "ja-JP", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  "320 px, dark, English": { locale: "en-US", colorScheme: "dark", viewport: { width: 320, height: 720 }, hasTouch: true, isMobile: true },
};

/** Names, keys, search syntax that is typed as it is, and words of the conversation that are quoted. */
const KNOWN = ["Aiko", "Ben", "Diego", "Anna", "general", "design", "release", "Hiroba", "English", "Enter", "Shift", "Esc", "Ctrl", "Alt", "Home", "End", "room"];
const TYPED = ["after", "before", "has", "link", "reaction", "word", "from", "in", "file", "fn", "main", "println"];

/** Opens the menu of a message. */
async function menuOf(person, message) {
  if (await person.page.evaluate(() => matchMedia("(hover: none)").matches)) {
    await message.evaluate((element) => {
      const { x, y } = element.getBoundingClientRect();
      const finger = { bubbles: true, pointerType: "touch", pointerId: 1, clientX: x + 40, clientY: y + 10 };
      element.dispatchEvent(new PointerEvent("pointerdown", finger));
    });
  } else {
    await message.hover();
    await message.getByTestId("tool-more").click();
  }
  await person.page.getByRole("menu").waitFor();
}

for (const [screen, options] of Object.entries(SCREENS)) {
  story(`every layer is accessible and in one language: ${screen}`, { flags: ["--rate-limits", "off"] }, async (stage) => {
    const people = await hold(stage);
    const anna = await stage.enter("Anna", options);
    // On touch screens Enter breaks the line.
    await anna.composer.fill("@Aiko 決まり次第、連絡します");
    await anna.page.getByTestId("send").click();
    await anna.sees("@Aiko 決まり次第、連絡します");
    await anna.allSent();
    const seq = Number(await anna.messages.last().getAttribute("data-seq"));
    const own = anna.page.locator(`[data-testid="message"][data-seq="${seq}"]`);
    for (const person of people.values()) {
      await person.ask({ type: "add_reaction", room: "general", target: seq, emoji: "👍" });
    }
    await people.get("Aiko").ask({ type: "chat", room: "general", content: "@Anna 了解", reply_to: seq });
    await people.get("Aiko").ask({ type: "pin_message", room: "general", target: seq });
    const page = anna.page;
    await page.getByTestId("quote").waitFor();

    const scan = async (what) => {
      assert.deepEqual(await accessibilityFindings(page), [], what);
      const { over, wide } = await sidewaysScroll(page);
      assert.equal(over, 0, `${what} scrolls sideways: ${wide}`);
      if (options.locale === "ja-JP") {
        assert.deepEqual(await latinWords(page, [...KNOWN, ...TYPED]), [], what);
      }
    };
    const close = async (name) => {
      await page.keyboard.press("Escape");
      // The page learns of it after the browser has hidden the dialog.
      await page.getByTestId(name).locator("> *").first().waitFor({ state: "detached" });
    };

    await people.get("Aiko").post("general", FORMATTED);
    await page.getByTestId("spoiler").click();
    await scan("a message with all its parts");
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByTestId("switcher-option").first().waitFor();
    await scan("the switcher");
    await close("switcher");
    await page.keyboard.press("ControlOrMeta+/");
    await page.getByTestId("help-close").waitFor();
    await scan("the shortcuts");
    await close("help");
    await menuOf(anna, own);
    await scan("the menu");
    await close("message-menu");

    await menuOf(anna, own);
    await page.getByTestId("menu-edit").click();
    await page.getByTestId("edit-input").fill("@Aiko 決まったら連絡します");
    await scan("the edit box");
    await page.getByTestId("edit-save").click();
    await page.getByTestId("edited").waitFor();

    await menuOf(anna, own);
    await page.getByTestId("menu-versions").click();
    await until("both texts are there", async () => (await page.getByTestId("version").count()) === 2);
    await scan("the earlier texts");
    await close("versions");

    await menuOf(anna, own);
    await page.getByTestId("menu-delete").click();
    await page.getByTestId("delete-confirm").waitFor();
    await scan("the question");
    await close("delete-question");

    await menuOf(anna, own);
    await page.getByTestId("menu-react").click();
    await until("the emoji are there", async () => (await page.getByRole("gridcell").count()) > 100);
    await scan("the emoji");
    await close("emoji-picker");

    await menuOf(anna, own);
    await page.getByTestId("menu-reply").click();
    await until("one may write", () => anna.composer.evaluate((box) => box === document.activeElement));
    await anna.composer.fill("@");
    await page.getByTestId("completion").waitFor();
    await scan("a reply with a name begun");
    await anna.composer.fill("**太字**");
    await page.getByTestId("preview").click();
    await page.getByTestId("preview-text").waitFor();
    await scan("the preview");
    await page.getByTestId("preview").click();
    await anna.composer.fill("@");
    await page.getByTestId("completion").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await anna.composer.fill("");

    await menuOf(anna, own);
    await page.getByTestId("menu-replies").click();
    await until("the reply is there", async () => (await page.getByTestId("card").count()) === 2);
    await scan("the replies");
    await page.getByTestId("details-close").click();

    await page.getByTestId("pins-open").click();
    await page.getByTestId("card").waitFor();
    await scan("the pins");
    await page.getByTestId("details-close").click();

    await page.keyboard.press("ControlOrMeta+Shift+F");
    const field = page.locator('input[data-testid="search-input"]:visible');
    await field.waitFor();
    await scan("the search");
    await field.fill("会議室");
    await field.press("Enter");
    await page.getByTestId("card").waitFor();
    await scan("what was found");
    await field.fill("has:何か");
    await field.press("Enter");
    await page.getByTestId("search-problem").waitFor();
    await scan("a mistake in the search");
  });
}
