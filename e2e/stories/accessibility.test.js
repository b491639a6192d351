import assert from "node:assert/strict";

import { FORMATTED, goOnElsewhere, hold } from "../harness/conversation.js";
import { meddle } from "../harness/meddler.js";
import { Person } from "../harness/person.js";
import { accessibilityFindings } from "../harness/scan.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const REFUSED = "refused";
/** Everything that has a colour of its own. */
const CODE = [
  "```rust\n#[test]\n// one\nfn two<T: Copy>(x: &'static str) -> u8 {\n    let y = 3.5; println!(\"{y}\"); true\n}\n```",
  "```html\n<!-- one --><p class=\"two\">&amp;</p>\n```",
  "```diff\n@@ -1 +1 @@\n- old\n+ new\n```",
];
const PHONE = { width: 390, height: 844 };

/** Comes in after a look at the first page. */
async function comeIn(page, scan) {
  await page.getByTestId("lang-en").waitFor();
  await scan("the first page");
  await page.getByTestId("name-submit").click();
  await page.locator("#name-problem").getByText(/./).waitFor();
  await scan("the first page without a name");
  await page.getByTestId("name-input").fill("Anna");
  await page.getByTestId("name-submit").click();
}

async function roomsWithLittle(anna, scan) {
  const { page } = anna;
  await anna.leaveRoom();
  await page.getByTestId("go-general").waitFor();
  await scan("no room");
  await anna.join("空き部屋");
  await page.locator(".empty").waitFor();
  await scan("an empty room");
  await anna.open("design");
  await anna.open("general");
  await anna.sees("Thank you, Kentarō! See you there.");
}

/** Posts what a room can have; returns the message that most is done with. */
async function everythingOf(anna, people) {
  const { page } = anna;
  await anna.say("@Aiko 決まり次第、連絡します");
  await anna.allSent();
  const seq = Number(await anna.messages.last().getAttribute("data-seq"));
  const [aiko, ben] = ["Aiko", "Ben"].map((name) => people.get(name));
  for (const person of people.values()) {
    await person.ask({ type: "add_reaction", room: "general", target: seq, emoji: "👍" });
  }
  await aiko.ask({ type: "chat", room: "general", content: "@Anna 了解", reply_to: seq });
  await aiko.ask({ type: "pin_message", room: "general", target: seq });
  const gone = await ben.post("general", "oops");
  await ben.ask({ type: "delete_message", room: "general", target: gone.seq });
  await goOnElsewhere(people);
  await ben.post("general", "مرحبا بالجميع https://example.org");
  ben.send({ type: "typing", room: "general", is_typing: true });
  await ben.post("general", FORMATTED);
  for (const code of CODE) await ben.post("general", code);
  await anna.say(REFUSED);
  await page.locator("[data-failed]").waitFor();
  await page.getByTestId("quote").waitFor();
  await page.getByTestId("spoiler").click();
  return page.locator(`[data-testid="message"][data-seq="${seq}"]`);
}

/** Opens the menu of a message, and chooses from it. */
async function choose(page, message, item) {
  await message.hover();
  await message.getByTestId("tool-more").click();
  await page.getByRole("menu").waitFor();
  if (item) await page.getByTestId(item).click();
}

async function close(page, dialog) {
  await page.keyboard.press("Escape");
  // The page learns of it after the browser has hidden the dialog.
  await page.getByTestId(dialog).locator("> *").first().waitFor({ state: "detached" });
}

async function aroundAMessage({ page, composer }, message, scan) {
  await choose(page, message);
  await scan("the menu of a message");
  await close(page, "message-menu");
  await choose(page, message, "menu-react");
  await until("the emoji are there", async () => (await page.getByTestId("emoji").count()) > 100);
  await scan("the emoji");
  await page.getByTestId("emoji-search").fill("no such emoji");
  await until("none is left", async () => (await page.getByTestId("emoji").count()) === 0);
  await scan("no emoji");
  await close(page, "emoji-picker");
  await choose(page, message, "menu-edit");
  await page.getByTestId("edit-input").fill("@Aiko 決まったら連絡します");
  await scan("the edit box");
  await page.getByTestId("edit-save").click();
  await page.getByTestId("edited").waitFor();
  await choose(page, message, "menu-versions");
  await until("both texts are there", async () => (await page.getByTestId("version").count()) === 2);
  await scan("the earlier texts");
  await close(page, "versions");
  await choose(page, message, "menu-delete");
  await page.getByTestId("delete-confirm").waitFor();
  await scan("the question before deleting");
  await close(page, "delete-question");
  await choose(page, message, "menu-copy-link");
  await page.getByTestId("notice").waitFor();
  await scan("a notice");
  await page.getByTestId("notice-dismiss").click();
  await choose(page, message, "menu-unread");
  await page.getByTestId("unread-divider").waitFor();
  await scan("unread from here");
  await composer.press("Escape");
}

async function writing(anna, message, scan) {
  const { page, composer } = anna;
  await choose(page, message, "menu-reply");
  await page.getByTestId("reply-bar").waitFor();
  await scan("a reply");
  for (const begun of ["@", "#", ":smi"]) {
    await composer.fill(begun);
    await page.getByTestId("completion").waitFor();
    await scan(`names after ${begun}`);
    await composer.press("Escape");
  }
  await composer.press("Escape");
  await composer.fill(FORMATTED);
  await page.getByTestId("preview").click();
  await page.getByTestId("preview-text").waitFor();
  await scan("the preview");
  await page.getByTestId("preview").click();
  await composer.fill("長".repeat(4_001));
  await page.locator("#composer-notes .problem").waitFor();
  await scan("a text that is too long");
  await anna.leaveRoom();
  await page.getByTestId("parting-confirm").waitFor();
  await scan("the question before leaving");
  await page.getByTestId("parting-cancel").click();
  await composer.fill("");
}

async function panels({ page }, message, scan) {
  const cards = (count) => until("the cards are there", async () => (await page.getByTestId("card").count()) === count);
  await choose(page, message, "menu-replies");
  await cards(2);
  await scan("the replies");
  await page.getByTestId("details-close").click();
  await choose(page, page.getByTestId("message").filter({ hasText: "@Anna 了解" }), "menu-replies");
  await cards(1);
  await scan("no replies");
  await page.getByTestId("details-close").click();
  await page.getByTestId("pins-open").click();
  await cards(1);
  await scan("the pins");
  await page.getByTestId("details-close").click();
  const field = page.locator('input[data-testid="search-input"]:visible');
  const search = async (query) => {
    await field.fill(query);
    await field.press("Enter");
  };
  await field.focus();
  await page.locator(".filters").waitFor();
  await scan("the search");
  await search("会議室");
  await cards(1);
  await scan("what was found");
  await search("存在しない語");
  await cards(0);
  await scan("nothing was found");
  await search("has:何か");
  await page.getByTestId("search-problem").waitFor();
  await scan("a mistake in the search");
  await page.getByTestId("details-close").click();
}

async function dialogs({ page }, scan) {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByTestId("switcher-option").first().waitFor();
  await scan("the switcher");
  await page.getByTestId("switcher-input").fill("no such room");
  await page.getByTestId("switcher-option").first().waitFor({ state: "detached" });
  await scan("nothing to switch to");
  await close(page, "switcher");
  await page.keyboard.press("ControlOrMeta+/");
  await page.getByTestId("help-close").waitFor();
  await scan("the shortcuts");
  await close(page, "help");
  await page.getByTestId("new-room-open").click();
  await page.getByTestId("new-room-input").waitFor();
  await scan("a new room");
  await close(page, "new-room");
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("room-details-open").waitFor();
  await scan("the menu of a room");
  await page.getByTestId("room-details-open").click();
  await page.getByTestId("room-details-close").waitFor();
  await scan("the details of a room");
  await close(page, "room-details");
  await page.getByTestId("room-menu-open").click();
  await page.getByTestId("mute-room").click();
  await page.locator(".room.muted").waitFor();
  await scan("a muted room");
  await page.getByTestId("settings-open").click();
  await page.getByTestId("theme-select").waitFor();
  await scan("the settings");
  await close(page, "settings");
}

async function narrow({ page, timeline }, scan) {
  const { width, height } = page.viewportSize();
  await page.setViewportSize(PHONE);
  await timeline.evaluate((view) => (view.scrollTop = 0));
  await page.getByTestId("jump-latest").waitFor();
  await scan("390 px");
  for (const [opener, pane] of [["drawer-open", "#rooms"], ["members-open", "#details"], ["search-open", "#details"]]) {
    await page.getByTestId(opener).click();
    await page.locator(`${pane}.open`).waitFor();
    await scan(`390 px, after ${opener}`);
    await page.keyboard.press("Escape");
    await page.locator(`${pane}.open`).waitFor({ state: "detached" });
  }
  await page.setViewportSize({ width, height });
}

/** Walks through every screen of the page. */
async function walk(stage, options, scan) {
  const people = await hold(stage);
  const context = await stage.context(options);
  const refuse = ({ id, room, client_message_id }, say) => {
    const timestamp = new Date().toISOString();
    say({ type: "error", id, room, client_message_id, timestamp, code: "forbidden", message: "not today" });
  };
  const toServer = (frame, say) => (frame.content === REFUSED ? refuse(frame, say) : frame);
  const line = await meddle(context, { toServer });
  const page = await context.newPage();
  const look = (what) => scan(page, what);
  const anna = new Person(page, stage.url);
  await page.goto(stage.url);
  await comeIn(page, look);
  await anna.messages.first().waitFor();
  await look("a room");
  await roomsWithLittle(anna, look);
  const message = await everythingOf(anna, people);
  await look("messages with everything");
  await aroundAMessage(anna, message, look);
  await writing(anna, message, look);
  await panels(anna, message, look);
  await line.cut();
  await anna.say("waits for the connection");
  await dialogs(anna, look);
  await anna.banner.waitFor();
  await page.locator("[data-pending]").waitFor();
  await look("no connection");
  await narrow(anna, look);
  await page.evaluate(() => document.querySelector("#crash").removeAttribute("hidden"));
  await look("a fault");
}

/** The languages differ in their words and the themes in their colours, so that one language shows the colours of both. */
const LANGUAGES = { "en-US": ["light", "dark"], "ja-JP": ["dark"] };

for (const [locale, [first, second]] of Object.entries(LANGUAGES)) {
  story(`axe finds nothing at all on any screen: ${locale}`, { flags: ["--rate-limits", "off"], offline: true }, async (stage) => {
    const findings = {};
    // Nothing moves, so that nothing has to be waited for.
    await walk(stage, { locale, colorScheme: first, reducedMotion: "reduce" }, async (page, what) => {
      const found = await accessibilityFindings(page);
      if (second) {
        await page.emulateMedia({ colorScheme: second });
        found.push(...(await accessibilityFindings(page, "color-contrast")));
        await page.emulateMedia({ colorScheme: first });
      }
      for (const finding of found) (findings[finding] ??= []).push(what);
    });
    assert.deepEqual(findings, {});
  });
}
