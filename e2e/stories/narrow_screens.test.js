import assert from "node:assert/strict";

import { hold } from "../harness/conversation.js";
import { sidewaysScroll } from "../harness/scan.js";
import { story } from "../harness/story.js";

const LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung".repeat(3);

for (const width of [390, 320]) {
  story(`nothing scrolls sideways at ${width} px`, { flags: ["--rate-limits", "off"] }, async (stage) => {
    const people = await hold(stage);
    await people.get("Ben").post("general", `https://example.org/${LONG}`);
    const context = await stage.context({ viewport: { width, height: 844 }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(stage.url);
    await page.getByTestId("name-input").waitFor();
    assert.deepEqual(await sidewaysScroll(page), { over: 0, wide: [] }, "the name page");
    await page.close();

    const anna = await stage.enter("Anna", { context });
    await anna.messages.filter({ hasText: "example.org" }).waitFor();
    assert.deepEqual(await sidewaysScroll(anna.page), { over: 0, wide: [] }, "the conversation");
    for (const opener of ["drawer-open", "members-open"]) {
      await anna.page.getByTestId(opener).click();
      assert.deepEqual(await sidewaysScroll(anna.page), { over: 0, wide: [] }, `after ${opener}`);
      await anna.page.keyboard.press("Escape");
    }
  });
}

story("on a telephone the rooms are in a drawer, and Back closes it first", {}, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: ["general", "kitchen"] });
  await bert.post("kitchen", "The soup is ready");
  const anna = await stage.enter("Anna", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  assert.equal(await anna.room("kitchen").isVisible(), false, "the drawer is closed at first");

  await anna.page.getByTestId("drawer-open").click();
  await anna.room("kitchen").waitFor();
  await anna.page.goBack();
  await anna.room("kitchen").waitFor({ state: "hidden" });
  assert.ok(await anna.composer.isVisible(), "Back stays in the conversation");

  await anna.page.getByTestId("drawer-open").click();
  await anna.room("kitchen").click();
  await anna.room("kitchen").waitFor({ state: "hidden" });
  await anna.sees("The soup is ready");
});
