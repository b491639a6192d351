// Not judged by a program: pictures to be looked at, in e2e/out.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { hold } from "../harness/conversation.js";
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

story("screenshots of every kind of screen are written to e2e/out", { flags: ["--rate-limits", "off"] }, async (stage) => {
  await mkdir(OUT, { recursive: true });
  const people = await hold(stage);
  for (const [screen, options] of Object.entries(SCREENS)) {
    const context = await stage.context(options);
    const take = (person, what) => person.screenshot({ path: path.join(OUT, `${screen}-${what}.png`) });

    const page = await context.newPage();
    await page.goto(stage.url);
    await page.getByTestId("name-input").waitFor();
    await take(page, "name");
    await page.close();

    const mina = await stage.enter("Mina", { context });
    await mina.messages.filter({ hasText: "Kentarō" }).waitFor();
    people.get("Ben").send({ type: "typing", room: "general", is_typing: true });
    await mina.typing.filter({ hasText: "Ben" }).waitFor();
    await take(mina.page, "chat");

    for (const opener of ["drawer-open", "members-open", "settings-open"]) {
      const button = mina.page.getByTestId(opener);
      if (!(await button.isVisible())) continue;
      await button.click();
      await take(mina.page, opener.replace("-open", ""));
      await mina.page.keyboard.press("Escape");
    }
    people.get("Ben").send({ type: "typing", room: "general", is_typing: false });
    await context.close();
  }
});

story("a screenshot of a page that is cut off, with a message waiting", { link: true, offline: true }, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("ここまでは届いています");
  await anna.allSent();
  stage.link.breakDown();
  await anna.banner.waitFor();
  await anna.say("This one waits for the connection");
  await anna.page.screenshot({ path: path.join(OUT, "wide-light-en-offline.png") });
});
