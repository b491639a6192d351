import assert from "node:assert/strict";

import { hold } from "../harness/conversation.js";
import { sidewaysScroll } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

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

story("a keyboard on glass that the browser does not tell the page of covers neither the box nor the last message", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const context = await stage.context({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  // As on iOS: the window keeps its height, and only what is seen of it gets smaller.
  await context.addInitScript(() => {
    const seen = Object.assign(new EventTarget(), { height: innerHeight, scale: 1 });
    Object.defineProperty(window, "visualViewport", { value: seen });
  });
  const bert = await stage.wire("Bert");
  await bert.fill("general", 30);
  const anna = await stage.enter("Anna", { context });
  await anna.message("message 30").waitFor();
  const keyboard = (height) =>
    anna.page.evaluate((height) => {
      window.visualViewport.height = height;
      window.visualViewport.dispatchEvent(new Event("resize"));
    }, height);
  const lower = async (locator) => {
    const box = await locator.boundingBox();
    return box.y + box.height;
  };
  await keyboard(500);
  await until("the box is above the keyboard", async () => (await lower(anna.composer)) <= 500);
  await until("so is the last message", async () => (await lower(anna.message("message 30"))) <= 440);
  assert.ok((await lower(anna.message("message 30"))) > 300, "and near the box");
  await anna.page.getByTestId("drawer-open").click();
  const field = anna.page.getByTestId("new-room-open");
  await field.waitFor();
  assert.ok((await lower(field)) <= 500, "nor what is at the foot of the drawer");
  await anna.page.keyboard.press("Escape");
  await keyboard(844);
  await until("the page is as high as before", async () => (await lower(anna.composer)) > 700);
});
