// Firefox, driven through WebDriver BiDi.

import puppeteer from "puppeteer-core";

import { Tab } from "./tab.js";

export const name = "Firefox";

/** What Firefox itself reports about connections that end or are refused; a page cannot prevent it. */
const CONNECTION = /Firefox can’t establish a connection to the server|The connection to ws:.* was interrupted while the page was loading/;

/** Starts Debian's Firefox, or the one that `HIROBA_FIREFOX` names. */
export async function launch() {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.HIROBA_FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    env: { ...process.env, TZ: "Asia/Tokyo" },
    extraPrefsFirefox: { "intl.accept_languages": "en-US" },
  });
  return {
    /** Opens a page that shares nothing with others. */
    async open({ width, height }) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width, height });
      await page.evaluateOnNewDocument(printErrorsAsText);
      return new FirefoxTab(page, context);
    },
    close: () => browser.close(),
  };
}

class FirefoxTab extends Tab {
  #page;
  #context;

  constructor(page, context) {
    super();
    this.#page = page;
    this.#context = context;
    page.on("pageerror", (error) => this.#problem(`uncaught: ${error?.stack ?? error}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.#problem(message.text());
    });
  }

  goto(url) {
    return this.#page.goto(url);
  }

  reload() {
    return this.#page.reload();
  }

  back() {
    return this.#page.goBack();
  }

  evaluate(act, ...args) {
    return this.#page.evaluate(act, ...args);
  }

  clickAt(x, y) {
    return this.#page.mouse.click(x, y);
  }

  moveTo(x, y) {
    return this.#page.mouse.move(x, y);
  }

  type(text) {
    return this.#page.keyboard.type(text);
  }

  async press(key) {
    const keys = key.split("+");
    for (const held of keys.slice(0, -1)) await this.#page.keyboard.down(held);
    await this.#page.keyboard.press(keys.at(-1));
    for (const held of keys.slice(0, -1)) await this.#page.keyboard.up(held);
  }

  screenshot(file) {
    return this.#page.screenshot({ path: file });
  }

  close() {
    return this.#context.close();
  }

  #problem(text) {
    if (!CONNECTION.test(text)) this.problems.push(text);
  }
}

/** Runs in the page: an error object would arrive here without its words. */
function printErrorsAsText() {
  const print = console.error;
  console.error = (...words) => print.apply(console, words.map(String));
}
