// A person with a keyboard only, who always has to see where they are.

import assert from "node:assert/strict";

import { settled } from "./scan.js";
import { until } from "./until.js";

/** No way on a page has more stops. */
const MANY = 80;

/** In this time, in milliseconds, what the page shows follows the keyboard. */
const AT_REST = 1_000;

export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  /** Presses a key, waits until what `name` names has the focus, with a line of `words` in it if given, and asserts that it is seen. */
  async press(key, name, words) {
    await this.page.keyboard.press(key);
    await this.on(name, words, `after ${key}`);
  }

  /** Types a text into the field `name`. */
  async type(text, name) {
    await this.page.keyboard.type(text);
    await this.on(name, undefined, `after typing ${text}`);
  }

  /** Selects this many characters before the caret, and presses a key on them. */
  async select(characters, key, name) {
    for (let step = 0; step < characters; step += 1) await this.page.keyboard.press("Shift+ArrowLeft");
    await this.press(key, name);
  }

  /** Presses a key until what `name` names has the focus; it has to be seen at every stop. Returns the stops. */
  async go(key, name) {
    const stops = [];
    while (stops.at(-1) !== name) {
      assert.ok(stops.length < MANY, `${key} does not lead to ${name}: ${stops}`);
      await this.page.keyboard.press(key);
      stops.push(await this.seen(`after ${key} on the way to ${name}`));
    }
    return stops;
  }

  /** Waits until what `name` names has the focus, and asserts that it is seen. */
  async on(name, words, when = "") {
    const there = async () => {
      const place = await this.place();
      return place.name === name && (!words || place.words.split("\n").includes(words));
    };
    await until(`${[name, words].join(" ")} has the focus ${when}`, there, { state: () => this.place() });
    await this.seen(when);
  }

  /** Asserts that what has the focus is seen, at the latest when the page has come to rest; returns its name. */
  async seen(when) {
    await settled(this.page);
    const isSeen = async () => (await this.place()).faults.length === 0;
    await until(`one sees where one is ${when}`, isSeen, { within: AT_REST, state: () => this.place() });
    return (await this.place()).name;
  }

  /** Returns a name for what has the focus, its words, and why a person would not see it. */
  async place() {
    return this.page.evaluate(placeOfFocus);
  }
}

/** Runs in the page. */
function placeOfFocus() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) {
    return { name: "nothing", words: "", faults: ["nothing has the focus"], html: "" };
  }
  const faults = [];
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) faults.push("it is not visible");
  if (!element.matches(":focus-visible")) faults.push("it does not look focused");

  const { left, top, width, height } = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const above = document.elementFromPoint(x, y);
  if (!above) faults.push(`its middle is out of view: ${x}, ${y}`);
  else if (!element.contains(above)) faults.push(`it is covered by ${above.outerHTML.slice(0, 120)}`);

  const ring = ringOf(element);
  if (!ring) faults.push("there is no ring around it");
  else if (cutOff(element, ring).length > 0) faults.push(`its ring is cut off: ${cutOff(element, ring)}`);

  const name = element.dataset.testid ?? element.getAttribute("role") ?? element.id;
  return { name, words: element.innerText ?? "", faults, html: element.outerHTML.slice(0, 160) };

  /** The outer edges of the ring: an outline of the element or of what it draws over its surroundings, or, around a text
   * box, a shadow that is as sharp as a line. */
  function ringOf(element) {
    for (const pseudo of [null, "::after"]) {
      const style = getComputedStyle(element, pseudo);
      const around = pseudo ? element.offsetParent : element;
      const thickness = parseFloat(style.outlineWidth);
      if (style.outlineStyle !== "none" && thickness > 0 && around && (!pseudo || style.content !== "none")) {
        return edges(around, thickness + parseFloat(style.outlineOffset));
      }
    }
    const box = [element, element.parentElement].find((one) => /\b0px 0px 0px [1-9]\d*px/.test(getComputedStyle(one).boxShadow));
    return element.matches("textarea") && box ? edges(box, 1) : undefined;
  }

  function edges(element, more) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left: left - more, top: top - more, right: right + more, bottom: bottom + more };
  }

  /** The sides of the ring that are out of the window or of what scrolls. What is larger than that cannot be seen whole. */
  function cutOff(element, ring) {
    const views = [{ left: 0, top: 0, right: innerWidth, bottom: innerHeight }];
    for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around);
      const { left, top, right, bottom } = around.getBoundingClientRect();
      if (overflowX !== "visible") views.push({ left, right });
      if (overflowY !== "visible") views.push({ top, bottom });
      // Above everything: what is around it cuts nothing off.
      if (around.matches("dialog:modal")) break;
    }
    const [wide, high] = [ring.right - ring.left, ring.bottom - ring.top];
    return ["left", "top", "right", "bottom"].filter((side) =>
      views.some((view) => {
        if (view[side] === undefined) return false;
        const across = side === "left" || side === "right";
        if (across ? wide > view.right - view.left : high > view.bottom - view.top) return false;
        const past = ring[side] - view[side];
        return side === "left" || side === "top" ? past < -0.5 : past > 0.5;
      }),
    );
  }
}
