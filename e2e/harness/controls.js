// Records which controls pages have, and which of them were used.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAMED_BY_THEIR_USERS = ["choices.rs", "menu.rs", "tools.rs", "pane.rs", "language_choice.rs", "form.rs", "unfold.rs", "duration.rs", "line.rs", "name_field.rs"];

/** Names of the controls seen on any page of the story, and of those used. */
export class Controls {
  seen = new Set();
  used = new Set();

  /** Follows every page of a browser. Only what a person does counts as use, not events that a script dispatches. */
  async follow(context) {
    await context.exposeBinding("controlSeen", (_, name) => void this.seen.add(name));
    await context.exposeBinding("controlUsed", (_, name) => void this.used.add(name));
    await context.addInitScript(() => {
      const CONTROL = "button, a[href], input, select, textarea, summary, [role=menuitem], [role=option], [contenteditable]";
      const name = (element) => element.dataset.testid ?? `nameless: ${element.outerHTML.slice(0, 120)}`;
      const told = new Set();
      const look = () => {
        for (const element of document.querySelectorAll(CONTROL)) {
          const found = name(element);
          if (!told.has(found)) window.controlSeen(found);
          told.add(found);
        }
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true });
      const use = (event) => {
        const element = event.isTrusted && event.target instanceof Element && event.target.closest(CONTROL);
        if (element) window.controlUsed(name(element));
      };
      for (const type of ["click", "mousedown", "input", "change"]) addEventListener(type, use, true);
    });
  }
}

/** Returns the names of all controls in the source of the page, and the places of those without a name. */
export async function controlsOfTheSource() {
  const folder = path.join(ROOT, "client/src");
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".rs") && !name.endsWith("tests.rs"));
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(path.join(folder, name), "utf8")]));
  texts.push(["index.html", await readFile(path.join(ROOT, "index.html"), "utf8")]);
  const names = new Set();
  const nameless = [];
  for (const [file, text] of texts) {
    for (const { index } of text.matchAll(/<(button|a|input|select|textarea|summary)[\s>]/g)) {
      const line = `${file}:${text.slice(0, index).split("\n").length}`;
      const tag = wholeTag(text.slice(index));
      const [, literal] = tag.match(/data-testid="([^"]+)"/) ?? [];
      if (literal) names.add(literal);
      else if (!NAMED_BY_THEIR_USERS.includes(path.basename(file)) || !/data-testid=\w/.test(tag)) nameless.push(line);
    }
    for (const [action, name] of text.matchAll(/MessageAction::new\(\s*"([a-z-]+)"[^;]*;/g)) {
      // The one that opens the menu is not in it.
      if (name !== "more") names.add(`menu-${name}`);
      if (name === "more" || action.includes(".as_tool()")) names.add(`tool-${name}`);
    }
    for (const [, name] of text.matchAll(/PanelButton\s*\{[^}]*?name: "([a-z-]+)"/g)) names.add(name);
    for (const [, name] of text.matchAll(/: Choice = Choice\s*\{\s*name: "([a-z-]+)"/g)) names.add(`${name}-select`);
    for (const [, name] of text.matchAll(/<Item\s+name="([a-z-]+)"/g)) names.add(name);
    for (const [, name] of text.matchAll(/"(lang-[a-z]+)"/g)) names.add(name);
  }
  return { names: [...names].sort(), nameless };
}

/** Returns the tag up to the `>` that ends it, which is not one in braces or brackets, or of an arrow. */
function wholeTag(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if ("{(".includes(text[at])) depth += 1;
    if ("})".includes(text[at])) depth -= 1;
    if (text[at] === ">" && depth === 0 && !"=-".includes(text[at - 1])) return text.slice(0, at);
  }
  return text;
}
