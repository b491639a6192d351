import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const CORPUS = new URL("../../shared/tests/corpus/markdown.json", import.meta.url);
/** What a text may consist of. */
const ELEMENTS = ["STRONG", "EM", "S", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI", "A", "SPAN", "DIV", "BUTTON", "svg", "path"];
const ATTRIBUTES = /^(class|href|title|target|rel|value|dir|tabindex|hidden|type|data-testid|aria-[a-z]+|viewBox|d|focusable)$/;
const OFF = ["--rate-limits", "off"];

const textOf = (person, text) => person.messages.filter({ hasText: text }).last().getByTestId("message-text");

story("a text is shown as it is meant, and others get it as it was written", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert", { rooms: ["general"] });
  const written = "**Bold**, *italic*, ~~gone~~ and `code` for @Bert\n> quoted\nanswer\n- one\n  - two\n1. first";
  await anna.composer.fill(written);
  await anna.composer.press("Enter");
  const posted = await bert.frame("the message", ({ type, content }) => type === "message" && content.includes("Bold"));
  assert.equal(posted.content, written);
  const text = textOf(anna, "Bold");
  for (const [element, words] of [
    ["strong", "Bold"],
    ["em", "italic"],
    ["s", "gone"],
    ["code", "code"],
    [".call", "@Bert"],
    ["blockquote", "quoted"],
    ["ul > li > ul > li", "two"],
    ["ol > li", "first"],
  ]) {
    assert.equal(await text.locator(element).innerText(), words);
  }
  await bert.post("general", "見て **「大事」**です `@Anna` https://example.org");
  const japanese = textOf(anna, "見て");
  assert.equal(await japanese.locator("strong").innerText(), "「大事」");
  assert.equal(await japanese.locator(".call").count(), 0, "code mentions nobody");
  assert.equal(await japanese.locator("a").getAttribute("rel"), "noopener noreferrer nofollow");
});

story("code keeps its lines and can be copied; a spoiler stays hidden, also from listeners", {}, async (stage) => {
  const context = await stage.context({ permissions: ["clipboard-read", "clipboard-write"] });
  const anna = await stage.enter("Anna", { context });
  const bert = await stage.wire("Bert", { rooms: ["general"] });
  await bert.post("general", "look:\n```rust\nfn main() {\n    *x\n}\n```\nin it ||the butler **did** it||");
  const row = anna.messages.filter({ hasText: "look:" });
  const text = row.getByTestId("message-text");
  assert.equal(await text.locator("pre").innerText(), "fn main() {\n    *x\n}");
  await text.getByText("rust").waitFor();
  await text.getByTestId("code-copy").click();
  await anna.notice.waitFor();
  assert.equal(await anna.page.evaluate(() => navigator.clipboard.readText()), "fn main() {\n    *x\n}");

  const spoiler = text.getByTestId("spoiler");
  assert.equal(await text.getByText("the butler").isVisible(), false);
  assert.match(await anna.page.getByTestId("announcer").innerText(), /in it \(spoiler\)$/);
  await row.focus();
  assert.match(await row.getAttribute("aria-label"), /\(spoiler\)/);
  await spoiler.press("Enter");
  assert.equal(await spoiler.getAttribute("aria-expanded"), "true");
  await text.getByText("the butler did it").waitFor();
});

story("code has the colours of its language, and what is found in it is marked", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert", { rooms: ["general"] });
  const code = "fn main() {\n    let 名前 = \"<b>広場</b>\"; // 挨拶\n}";
  await bert.post("general", `\`\`\`rust\n${code}\n\`\`\``);
  await bert.post("general", "```klingon\nlet nuqneH\n```");
  const text = anna.messages.filter({ hasText: "main" }).getByTestId("message-text");
  await until("keywords have a colour", async () => (await text.locator(".tok-keyword").allInnerTexts()).join(" ") === "fn let");
  assert.equal(await text.locator("pre").innerText(), code, "no sign is lost");
  assert.equal(await text.locator(".tok-string").innerText(), '"<b>広場</b>"');
  assert.equal(await text.locator(".tok-comment").innerText(), "// 挨拶");
  const unknown = anna.messages.filter({ hasText: "klingon" }).getByTestId("message-text");
  assert.equal(await unknown.locator("pre").innerText(), "let nuqneH");
  assert.equal(await unknown.locator("pre span").count(), 0);

  await anna.page.getByTestId("search-input").first().fill("広場");
  await anna.page.getByTestId("search-input").first().press("Enter");
  await anna.page.getByTestId("search-results").locator("pre mark").filter({ hasText: "広場" }).waitFor();
});

story("a search finds words whatever signs are in them, and marks them", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.say("the **quar**terly `report_v2`");
  const bert = await stage.wire("Bert", { rooms: ["general"] });
  await bert.finds("quarterly");
  for (const [query, marked] of [["quarterly", ["quar", "terly"]], ["report_v2", ["report_v2"]]]) {
    const field = anna.page.getByTestId("search-input").first();
    await field.fill(query);
    await field.press("Enter");
    const hit = anna.page.getByTestId("card").filter({ hasText: query });
    await hit.waitFor();
    assert.deepEqual(await hit.locator("mark").allInnerTexts(), marked);
  }
});

/** Waits until a box has this text: what formats it is fetched when it is first needed. */
const holds = (box, text) =>
  until(`the box has ${text}`, async () => (await box.inputValue()) === text, { state: () => box.inputValue() });

story("the selected text is formatted by keyboard, in the composer and while editing, and can be undone", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const { composer, page } = anna;
  const select = (box, from, to) => box.evaluate((element, [start, end]) => element.setSelectionRange(start, end), [from, to]);
  await composer.fill("make this bold");
  await select(composer, 5, 9);
  await composer.press("ControlOrMeta+b");
  await holds(composer, "make **this** bold");
  await composer.press("ControlOrMeta+i");
  await holds(composer, "make ***this*** bold");
  await composer.press("ControlOrMeta+b");
  await holds(composer, "make *this* bold");
  await composer.press("ControlOrMeta+z");
  await holds(composer, "make ***this*** bold");
  await composer.fill("see docs");
  await select(composer, 4, 8);
  await composer.press("ControlOrMeta+k");
  await holds(composer, "see [docs]()");
  await page.keyboard.type("https://example.org");
  await holds(composer, "see [docs](https://example.org)");

  await page.getByTestId("preview").click();
  assert.equal(await page.getByTestId("preview-text").locator("a").innerText(), "docs");
  await composer.press("End");
  await page.keyboard.type(" **now**");
  await page.getByTestId("preview-text").locator("strong").waitFor();
  await composer.press("Enter");
  await page.getByTestId("preview-text").waitFor({ state: "detached" });
  await anna.allSent();

  await composer.press("ArrowUp");
  const box = page.getByTestId("edit-input");
  assert.equal(await box.inputValue(), "see [docs](https://example.org) **now**", "the source");
  await select(box, 0, 3);
  await box.press("ControlOrMeta+e");
  await holds(box, "`see` [docs](https://example.org) **now**");
  await box.press("Enter");
  await textOf(anna, "docs").locator("code").waitFor();
});

story("hostile texts stay text, and keep nobody waiting", { flags: OFF }, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.wire("Bert", { rooms: ["general"] });
  const { texts } = JSON.parse(await readFile(CORPUS, "utf8"));
  const sendable = texts.filter((text) => text.replace(/[\p{C}\p{Z}\s]/gu, "") !== "");
  await bert.fill("general", sendable.length, (number) => sendable[number - 1]);
  await bert.post("general", "the last one");
  await anna.sees("the last one");
  const strange = await anna.page.getByTestId("message-text").evaluateAll(
    (all, [elements, attributes]) =>
      all
        .flatMap((text) => [...text.querySelectorAll("*")])
        .filter(
          (element) =>
            !elements.includes(element.nodeName) ||
            element.getAttributeNames().some((name) => !new RegExp(attributes).test(name)) ||
            (element.matches("a:not(.call)") && !/^(https?|mailto):/i.test(element.getAttribute("href"))),
        )
        .map((element) => element.outerHTML),
    [ELEMENTS, ATTRIBUTES.source],
  );
  assert.deepEqual(strange, []);
});
