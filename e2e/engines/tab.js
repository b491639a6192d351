// A page in any engine. What an engine does in its own way is in firefox.js and webkit.js:
//   goto(url), reload(), back(), evaluate(function, ...arguments), screenshot(file), close(),
//   clickAt(x, y), moveTo(x, y), type(text), press(key), e.g. "Enter" or "Shift+Enter".

import { until } from "../harness/until.js";

/** Returns the selector of what has this `data-testid`. */
export const id = (name) => `[data-testid="${name}"]`;

export class Tab {
  /** Errors that the page printed or did not catch. */
  problems = [];

  /** Adds to `problems` what the page has kept to itself so far. */
  async collect() {}

  async path() {
    return decodeURIComponent(await this.evaluate(() => location.pathname));
  }

  /** Returns the texts of what matches, in order. */
  async texts(selector) {
    return this.evaluate((selector) => [...document.querySelectorAll(selector)].map((one) => one.innerText), selector);
  }

  async count(selector) {
    return this.evaluate((selector) => document.querySelectorAll(selector).length, selector);
  }

  /** Returns what is written in a field. */
  async value(selector) {
    return this.evaluate((selector) => document.querySelector(selector).value, selector);
  }

  /** Returns an attribute of the first that matches; null if nothing matches or it has none. */
  async attribute(selector, name) {
    const attribute = (selector, name) => document.querySelector(selector)?.getAttribute(name) ?? null;
    return this.evaluate(attribute, selector, name);
  }

  async isVisible(selector) {
    const visible = (selector) => [...document.querySelectorAll(selector)].some((one) => one.checkVisibility());
    return this.evaluate(visible, selector);
  }

  async hasFocus(selector) {
    return this.evaluate((selector) => document.activeElement?.matches(selector) === true, selector);
  }

  async shows(selector) {
    await until(`${selector} is shown`, () => this.isVisible(selector));
  }

  async hides(selector) {
    await until(`${selector} is hidden`, async () => !(await this.isVisible(selector)));
  }

  async focuses(selector) {
    const focused = () => this.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
    await until(`${selector} has the focus`, () => this.hasFocus(selector), { state: focused });
  }

  /** Clicks the middle of the first visible element that matches. */
  async click(selector) {
    await this.clickAt(...(await this.#middle(selector)));
  }

  async hover(selector) {
    await this.moveTo(...(await this.#middle(selector)));
  }

  /** Clicks a field and replaces what is in it with `text`, key by key. */
  async fill(selector, text) {
    await this.click(selector);
    await this.evaluate(() => document.activeElement.select());
    await this.type(text);
  }

  /** Waits until a click at the middle of the element would meet it, and returns that point. */
  async #middle(selector) {
    return until(`${selector} can be clicked`, () => this.evaluate(middle, selector), {
      state: () => this.evaluate((selector) => document.querySelector(selector)?.outerHTML.slice(0, 200), selector),
    });
  }
}

/** Runs in the page. Returns null while there is no such point or the element moves. */
async function middle(selector) {
  const element = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility({ visibilityProperty: true }));
  if (!element) return null;
  const point = () => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
  };
  const isMet = ([x, y]) => element.contains(document.elementFromPoint(x, y));
  const before = point();
  if (!isMet(before)) element.scrollIntoView({ block: "nearest", behavior: "instant" });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const now = point();
  return isMet(now) && now.join() === before.join() ? now : null;
}
