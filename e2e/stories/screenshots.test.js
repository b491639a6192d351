// Not checked by a program: screenshots for people to look at, in e2e/out.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { FORMATTED, goOnElsewhere, hold } from "../harness/conversation.js";
import { settled } from "../harness/scan.js";
import { OUT, story } from "../harness/story.js";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const SCREENS = {
  "wide-light-en": { locale: "en-US", colorScheme: "light" },
  "wide-dark-en": { locale: "en-US", colorScheme: "dark" },
  "wide-light-ja": { locale: "ja-JP", colorScheme: "light" },
  "wide-dark-ja": { locale: "ja-JP", colorScheme: "dark" },
  "middle-light-ja": { locale: "ja-JP", colorScheme: "light", viewport: { width: 768, height: 1024 } },
  "phone-light-ja": { ...PHONE, locale: "ja-JP", colorScheme: "light" },
  "phone-dark-en": { ...PHONE, locale: "en-US", colorScheme: "dark" },
};

async function take(page, name) {
  await mkdir(OUT, { recursive: true });
  await page.mouse.move(0, 0);
  await settled(page);
  await page.screenshot({ path: path.join(OUT, `${name}.png`) });
}

for (const [screen, options] of Object.entries(SCREENS)) {
  story(`a picture of every part of the page: ${screen}`, { flags: ["--rate-limits", "off"] }, async (stage) => {
    const people = await hold(stage);
    const context = await stage.context(options);
    const page = await context.newPage();
    await page.goto(stage.url);
    await page.getByTestId("name-input").waitFor();
    await take(page, `${screen}-name`);
    await page.close();

    const mina = await stage.enter("Mina", { context });
    for (const room of ["design", "雑談", "general"]) await mina.openFromAnywhere(room);
    await goOnElsewhere(people);
    await mina.composer.fill("了解です！ 3階で会いましょう。");
    await mina.page.getByTestId("send").click();
    await mina.allSent();
    people.get("Ben").send({ type: "typing", room: "general", is_typing: true });
    await mina.typing.filter({ hasText: "Ben" }).waitFor();
    await mina.room("design").getByText("2", { exact: true }).waitFor({ state: "attached" });
    await take(mina.page, `${screen}-chat`);
    await people.get("Ben").post("general", FORMATTED);
    await mina.page.getByTestId("code-copy").waitFor();
    await take(mina.page, `${screen}-formatted`);
    await mina.composer.fill("see #");
    await mina.page.getByTestId("completion").waitFor();
    await take(mina.page, `${screen}-completion`);
    await mina.composer.fill("");
    await mina.page.keyboard.press("ControlOrMeta+k");
    await mina.page.getByTestId("switcher-option").first().waitFor();
    await take(mina.page, `${screen}-switcher`);
    await mina.page.keyboard.press("Escape");
    await mina.page.getByTestId("switcher-input").waitFor({ state: "detached" });
    await mina.page.keyboard.press("ControlOrMeta+/");
    await mina.page.getByTestId("help-close").waitFor();
    await take(mina.page, `${screen}-help`);
    await mina.page.keyboard.press("Escape");
    await mina.page.getByTestId("help-close").waitFor({ state: "detached" });
    await settled(mina.page);

    const drawer = mina.page.getByTestId("drawer-open");
    if (await drawer.isVisible()) {
      await drawer.click();
      await take(mina.page, `${screen}-drawer`);
      await mina.page.keyboard.press("Escape");
      await settled(mina.page);
    }
    const members = mina.page.getByTestId("members-open");
    if (await members.isVisible()) {
      await members.click();
      await take(mina.page, `${screen}-members`);
      await mina.page.keyboard.press("Escape");
      await settled(mina.page);
    }
    await mina.page.getByTestId("room-menu-open").click();
    await mina.page.getByTestId("mute-room").waitFor();
    await take(mina.page, `${screen}-room-menu`);
    await mina.page.keyboard.press("Escape");
    await mina.page.locator('[data-testid="room-menu-open"]:focus').waitFor();
    await mina.messages.last().focus();
    await mina.page.keyboard.press("Enter");
    await mina.page.getByTestId("menu-react").click();
    await mina.page.getByTestId("emoji").first().waitFor();
    await take(mina.page, `${screen}-emoji`);
    await mina.page.keyboard.press("Escape");
    await mina.openSettings();
    await take(mina.page, `${screen}-settings`);
    await mina.page.getByTestId("density-select").selectOption("compact");
    const question = await people.get("Ben").post("general", "Who brings the cake? 🍰");
    const answer = { type: "chat", room: "general", reply_to: question.seq };
    await people.get("Aiko").ask({ ...answer, content: "私が！ 苺のを焼きます。" });
    await people.get("Ben").ask({ ...answer, content: "🎉" });
    await mina.page.goto(`${stage.url}/r/general/t/${question.seq}`);
    await mina.page.getByTestId("details").getByText("🎉").waitFor();
    await take(mina.page, `${screen}-thread-compact`);
  });
}

story("a picture of a page that is cut off, with a message waiting", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("ここまでは届いています");
  await anna.allSent();
  stage.link.breakDown();
  await anna.banner.waitFor();
  await anna.say("This one waits for the connection");
  await take(anna.page, "wide-light-en-offline");
});
