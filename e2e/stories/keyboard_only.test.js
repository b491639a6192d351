import assert from "node:assert/strict";

import { FORMATTED, hold } from "../harness/conversation.js";
import { Keyboard } from "../harness/keyboard.js";
import { turns } from "../harness/page_end.js";
import { Person } from "../harness/person.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

/** With the sign that asks for a colourful picture. */
const PARTY = "🎉\u{FE0F}";
const FAST = { flags: ["--rate-limits", "off"] };

/** Opens the page and comes in, by keyboard. */
async function comeIn(stage, options) {
  const page = await (await stage.context(options)).newPage();
  await page.goto(stage.url);
  const keys = new Keyboard(page);
  await keys.on("name-input");
  await keys.type("Anna", "name-input");
  await keys.press("Enter", "composer");
  return { page, keys, anna: new Person(page, stage.url) };
}

const isOpen = (person, room) => until(`${room} is open`, async () => (await person.openRoom()) === room);

const inView = (locator) =>
  until("it is in view", () =>
    locator.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const view = element.closest('[role="log"]').getBoundingClientRect();
      return top >= view.top && bottom <= view.bottom;
    }),
  );

const holds = (box, text) =>
  until(`the box has ${text}`, async () => (await box.inputValue()) === text, { state: () => box.inputValue() });

story("a whole visit needs no mouse, and one always sees where one is", FAST, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: ["general", "kitchen"] });
  await bert.post("kitchen", "The key is under the mat");
  await bert.fill("kitchen", 45);
  await bert.post("kitchen", "Who brings the soup?");
  await bert.finds("mat");
  const { page, keys, anna } = await comeIn(stage);

  await keys.press("ControlOrMeta+k", "switcher-input");
  await keys.type("kit", "switcher-input");
  await page.locator('[data-testid="switcher-option"][aria-selected="true"]').getByText("kitchen").waitFor();
  await keys.press("Enter", "composer");
  await isOpen(anna, "kitchen");
  await anna.sees("Who brings the soup?");
  await keys.on("composer");

  // Reads.
  await keys.press("Shift+F6", "log");
  await keys.press("ArrowUp", "message", "Who brings the soup?");
  await keys.press("Home", "message", "The key is under the mat");
  await keys.press("ArrowDown", "message", "message 1");
  await keys.press("End", "message", "Who brings the soup?");
  await keys.press("ArrowUp", "message", "message 45");
  await keys.press("ArrowDown", "message", "Who brings the soup?");

  // Replies.
  await keys.press("Tab", "tool-react");
  await keys.press("Tab", "tool-reply");
  await keys.press("Enter", "composer");
  await page.getByTestId("reply-bar").getByText("Replying to Bert").waitFor();
  await keys.type("I do", "composer");
  await keys.press("Enter", "composer");
  await anna.message("I do").getByTestId("quote").getByText("Who brings the soup?").waitFor();
  await anna.allSent();

  // Reacts.
  await keys.press("Shift+F6", "log");
  await keys.press("ArrowUp", "message", "I do");
  await keys.press("ArrowUp", "message", "Who brings the soup?");
  await keys.press("Enter", "menu-quick");
  await keys.go("ArrowDown", "menu-react");
  await keys.press("Enter", "emoji-search");
  await keys.press("ArrowDown", "emoji");
  await keys.press("ArrowDown", "emoji");
  await keys.press("ArrowRight", "emoji");
  await keys.go("ArrowUp", "emoji-search");
  await keys.press("Tab", "emoji-tone");
  await keys.press("Tab", "emoji-tab");
  await keys.press("ArrowRight", "emoji-tab");
  await keys.press("End", "emoji-tab");
  await keys.go("Shift+Tab", "emoji-search");
  await keys.type("party pop", "emoji-search");
  await until("few are left", async () => (await page.getByTestId("emoji").count()) < 10);
  await keys.press("ArrowDown", "emoji", PARTY);
  await keys.press("Enter", "message", "Who brings the soup?");
  await bert.frame("the reaction", ({ type, emoji }) => type === "reaction_added" && emoji === "🎉");
  await keys.press("Tab", "reaction", PARTY);

  // Searches, and goes to what was found.
  await keys.press("/", "search-input");
  await keys.type("under the mat", "search-input");
  await keys.press("Enter", "search-input");
  await page.getByTestId("card").getByText("The key is under the mat").waitFor();
  await keys.press("Shift+F6", "details-close");
  await keys.press("Tab", "card-go");
  await keys.press("Enter", "card-go");
  await inView(anna.message("The key is under the mat"));
  await keys.on("card-go");

  // Writes what is formatted, and looks at it.
  await keys.press("F6", "room-link", "kitchen");
  await keys.press("F6", "log");
  await keys.press("F6", "composer");
  await keys.type("wet", "composer");
  await keys.select(3, "ControlOrMeta+b", "composer");
  await holds(anna.composer, "**wet**");
  await keys.press("End", "composer");
  await keys.type(" very", "composer");
  await keys.select(4, "ControlOrMeta+i", "composer");
  await holds(anna.composer, "**wet** *very*");
  await keys.press("End", "composer");
  await keys.type(" ls", "composer");
  await keys.select(2, "ControlOrMeta+e", "composer");
  await holds(anna.composer, "**wet** *very* `ls`");
  await keys.press("End", "composer");
  await keys.type(" docs", "composer");
  await keys.select(4, "ControlOrMeta+k", "composer");
  await holds(anna.composer, "**wet** *very* `ls` [docs]()");
  await keys.type("https://example.org", "composer");
  await keys.press("Tab", "preview");
  await keys.press("Enter", "composer");
  const preview = page.getByTestId("preview-text");
  for (const [element, words] of [["strong", "wet"], ["em", "very"], ["code", "ls"], ["a", "docs"]]) {
    await preview.locator(element).getByText(words).waitFor();
  }
  await keys.press("Enter", "composer");
  await preview.waitFor({ state: "detached" });
  await anna.allSent();

  // Edits.
  await keys.press("ArrowUp", "edit-input");
  await keys.type(" indeed", "edit-input");
  await keys.press("Enter", "composer");
  await bert.frame("the edit", ({ type, content }) => type === "message_edited" && content.endsWith(" indeed"));
  await page.getByTestId("edited").waitFor();

  // Leaves the room, and Hiroba.
  await keys.go("Shift+Tab", "room-menu-open");
  await keys.press("Enter", "room-details-open");
  await keys.press("End", "leave-room");
  await keys.press("Enter", "composer");
  await isOpen(anna, "general");
  await keys.on("composer");
  await keys.press("F6", "details-close");
  await keys.press("F6", "room-link", "general");
  await keys.go("Tab", "settings-open");
  await keys.press("Enter", "settings-close");
  await keys.go("Tab", "sign-out");
  await keys.press("Enter", "name-input");
});

const SCREENS = {
  "three panes": {},
  "two panes, dark": { viewport: { width: 800, height: 700 }, colorScheme: "dark" },
  "a window enlarged to 400 %": { viewport: { width: 360, height: 640 } },
};

/** What Tab has to reach in any window. */
const STOPS = ["skip", "pins-open", "members-open", "room-menu-open", "log", "quote", "reaction", "reaction-more", "spoiler", "code-copy", "composer", "preview"];
const IN_THE_LIST = ["switcher-open", "room-link", "new-room-open", "settings-open"];

for (const [screen, options] of Object.entries(SCREENS)) {
  story(`Tab reaches everything, and one sees every stop: ${screen}`, FAST, async (stage) => {
    const people = await hold(stage);
    const ben = people.get("Ben");
    const { seq } = await ben.post("general", FORMATTED);
    await ben.ask({ type: "add_reaction", room: "general", target: seq, emoji: "👍" });
    await ben.ask({ type: "chat", room: "general", content: "see above", reply_to: seq });
    const { page, keys, anna } = await comeIn(stage, options);
    await anna.message("see above").getByTestId("quote").waitFor();
    await page.getByTestId("reaction").waitFor();
    // A text is rendered anew when its mentions and its colours come.
    await page.locator(".call").filter({ hasText: "@Anna" }).waitFor();
    await page.locator(".tok-keyword").first().waitFor();

    await keys.go("Shift+Tab", "skip");
    const stops = await keys.go("Tab", "preview");
    assert.deepEqual(STOPS.slice(1).filter((stop) => !stops.includes(stop)), []);
    await keys.go("Shift+Tab", "skip");
    await keys.press("Enter", "composer");

    const narrow = await page.getByTestId("drawer-open").isVisible();
    await keys.go("Shift+Tab", narrow ? "drawer-open" : "skip");
    if (narrow) await keys.press("Enter", "drawer-close");
    const list = ["drawer-close", ...(await keys.go(narrow ? "Shift+Tab" : "Tab", narrow ? "switcher-open" : "settings-open"))];
    if (narrow) list.push(...(await keys.go("Tab", "settings-open")));
    assert.deepEqual(IN_THE_LIST.filter((stop) => !list.includes(stop)), []);
    if (narrow) await keys.press("Escape", "drawer-open");

    await keys.go("Tab", "members-open");
    if (await page.getByTestId("details").isHidden()) {
      await keys.press("Enter", "details-close");
      await keys.press("Escape", "members-open");
    }
  });
}

story("from a group of emoji the keyboard goes on to its emoji", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "hello");
  const { keys, anna } = await comeIn(stage);
  await anna.sees("hello");
  await keys.press("Shift+F6", "log");
  await keys.press("ArrowUp", "message", "hello");
  await keys.press("Tab", "tool-react");
  await keys.press("Enter", "emoji-search");
  await keys.go("Tab", "emoji-tab");
  await keys.press("ArrowRight", "emoji-tab");
  await keys.press("Tab", "emoji");
});

story("each message that one moves to by keyboard is in view", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 45);
  const { keys, anna } = await comeIn(stage);
  await anna.sees("message 45");
  await keys.press("Shift+F6", "log");
  for (let number = 45; number >= 1; number -= 1) await keys.press("ArrowUp", "message", `message ${number}`);
  for (let number = 2; number <= 45; number += 1) await keys.press("ArrowDown", "message", `message ${number}`);
});

story("who reads upwards by keyboard goes on where they are when older messages come", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 120);
  const { page, keys, anna } = await comeIn(stage);
  await anna.sees("message 120");
  await keys.press("Shift+F6", "log");
  const at = (number) => until(
    `message ${number} has the focus`,
    async () => (await keys.place()).words.split("\n").includes(`message ${number}`),
    { state: () => keys.place() },
  );
  for (let number = 120; number >= 1; number -= 1) {
    await anna.message(`message ${number}`).waitFor({ state: "attached" });
    // When older messages come above, the row loses the focus and has it again a frame later.
    if (number < 120) await at(number + 1);
    await page.keyboard.press("ArrowUp");
    await at(number);
  }
});

story("who closes the search after going to a message stays there", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "The key is under the mat");
  await bert.fill("general", 45);
  await bert.finds("mat");
  const { page, keys, anna } = await comeIn(stage);
  await anna.sees("message 45");
  await keys.press("Shift+F6", "log");
  await keys.press("ArrowUp", "message", "message 45");
  await keys.press("/", "search-input");
  await keys.type("mat", "search-input");
  await keys.press("Enter", "search-input");
  await page.getByTestId("card").waitFor();
  await keys.press("Shift+F6", "details-close");
  await keys.press("Tab", "card-go");
  await keys.press("Enter", "card-go");
  const found = anna.message("The key is under the mat");
  await inView(found);
  await page.keyboard.press("Escape");
  await page.getByTestId("card").waitFor({ state: "detached" });
  await turns(page);
  await keys.seen("after Escape");
  await inView(found);
});

story("a page that could not start leads the keyboard to the way out", { missing: true }, async (stage) => {
  const page = await (await stage.context()).newPage();
  await page.route((url) => url.pathname.endsWith("/client_bg.wasm"), (route) => route.abort());
  await page.goto(stage.url);
  await page.locator("#crash").waitFor();
  await new Keyboard(page).on("reload");
});
