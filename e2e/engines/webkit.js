// WebKitGTK, driven through WebDriver: the nearest thing to Safari on Linux.

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";

import { Builder, Capabilities, Key } from "selenium-webdriver";

import { freePort } from "../harness/server.js";
import { until } from "../harness/until.js";
import { Display } from "./display.js";
import { Tab } from "./tab.js";

export const name = "WebKit";

const DRIVER = process.env.HIROBA_WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver";
const BROWSER = process.env.HIROBA_MINIBROWSER ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/** Keys that WebDriver spells with an underscore. */
const KEYS = { ArrowUp: "ARROW_UP", PageUp: "PAGE_UP", Backspace: "BACK_SPACE" };

/** Starts the driver on a screen of its own. */
export async function launch() {
  const display = await Display.open();
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], { stdio: "ignore", env: environment(display) });
  let problem;
  driver.once("error", (error) => (problem = error));
  driver.once("exit", (code) => (problem = new Error(`${DRIVER} ended at once with ${code}`)));
  const kill = () => driver.kill();
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  await until("the driver of WebKit is ready", async () => {
    if (problem) throw problem;
    return (await fetch(`${url}/status`).catch(() => null))?.ok;
  });
  return {
    /** Opens a page in a browser of its own, with nothing in its storage. The driver has one at a time. */
    open: ({ width, height }) => WebKitTab.open(url, width, height),
    close: async () => {
      process.removeListener("exit", kill);
      kill();
      display.close();
    },
  };
}

function environment(display) {
  const env = { ...process.env, DISPLAY: display.name, GDK_BACKEND: "x11", LC_ALL: "en_US.UTF-8", TZ: "Asia/Tokyo" };
  // As with Chromium's --no-sandbox: the sandbox does not start as root.
  if (process.getuid?.() === 0) env.WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS = "1";
  return env;
}

class WebKitTab extends Tab {
  #driver;

  static async open(url, width, height) {
    const wanted = new Capabilities({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary: BROWSER, args: ["--automation"] },
    });
    const tab = new WebKitTab();
    tab.#driver = await new Builder().usingServer(url).withCapabilities(wanted).build();
    await tab.#resize(width, height);
    return tab;
  }

  /** Makes the page as large as wanted: the window has a toolbar besides. */
  async #resize(width, height) {
    const window = this.#driver.manage().window();
    await window.setRect({ x: 0, y: 0, width, height });
    const inner = await this.evaluate(() => [innerWidth, innerHeight]);
    await window.setRect({ x: 0, y: 0, width: 2 * width - inner[0], height: 2 * height - inner[1] });
    const size = () => this.evaluate(() => `${innerWidth} × ${innerHeight}`);
    const wanted = `${width} × ${height}`;
    await until(`the page is ${wanted}`, async () => (await size()) === wanted, { state: size });
  }

  async goto(url) {
    await this.collect();
    await this.#driver.get(url);
    await this.evaluate(listen);
  }

  async reload() {
    await this.collect();
    await this.#driver.navigate().refresh();
    await this.evaluate(listen);
  }

  async back() {
    await this.collect();
    await this.#driver.navigate().back();
    await this.evaluate(listen);
  }

  evaluate(act, ...args) {
    return this.#driver.executeScript(`return (${act}).apply(null, arguments)`, ...args);
  }

  clickAt(x, y) {
    return this.#act((actions) => actions.move({ x, y, duration: 0 }).click());
  }

  moveTo(x, y) {
    return this.#act((actions) => actions.move({ x, y, duration: 0 }));
  }

  type(text) {
    return this.#act((actions) => actions.sendKeys(text));
  }

  press(key) {
    const keys = key.split("+").map((key) => (key.length === 1 ? key : Key[KEYS[key] ?? key.toUpperCase()]));
    return this.#act((actions) => {
      for (const held of keys) actions.keyDown(held);
      for (const held of keys.reverse()) actions.keyUp(held);
      return actions;
    });
  }

  async screenshot(file) {
    await writeFile(file, await this.#driver.takeScreenshot(), "base64");
  }

  async close() {
    await this.#driver.quit();
  }

  async collect() {
    this.problems.push(...((await this.evaluate(() => window.problems?.splice(0))) ?? []));
  }

  #act(add) {
    return add(this.#driver.actions()).perform();
  }
}

/**
 * Runs in the page: the driver tells nothing about errors, so the page keeps them. What happens before this runs shows
 * only on the screen that the page shows when it has stopped.
 */
function listen() {
  if (window.problems) return;
  const problems = (window.problems = []);
  window.addEventListener("error", (event) => problems.push(`uncaught: ${event.message}`));
  window.addEventListener("unhandledrejection", (event) => problems.push(`uncaught: ${event.reason}`));
  const print = console.error;
  console.error = (...words) => {
    problems.push(words.join(" "));
    print.apply(console, words);
  };
}
