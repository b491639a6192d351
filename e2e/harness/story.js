// A story: a server, people at their pages, and a clean-up.

import { test } from "node:test";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { browser } from "./browser.js";
import { Link } from "./link.js";
import { MailServer } from "./mail_server.js";
import { Person } from "./person.js";
import { Server } from "./server.js";
import { Wire } from "./wire.js";

/** The folder of screenshots. */
export const OUT = fileURLToPath(new URL("../out", import.meta.url));

/** What Chromium itself prints when a connection fails or is refused; a page cannot prevent it. The loader of pieces repeats it. */
const NETWORK = /^(WebSocket connection to .* failed|Failed to load resource: (net::|the server responded with a status of 403)|TypeError: Failed to fetch\n.*__wasm_split\.js)/;

/** What is printed besides when a file of the page does not come, or something else comes in its place. */
const MISSING = /^(Failed to load resource: |Failed to load module script: |(uncaught: )?TypeError: Failed to (fetch|execute '(compile|instantiateStreaming)')|`WebAssembly.instantiateStreaming` failed|uncaught: Error: failed to fetch Wasm|(uncaught: )?CompileError: )/;

/** What it prints when the server refuses a request, as that of a wrong password or of a session that has ended. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;

/**
 * Runs `act`, then asserts that no page printed an error.
 *
 * - `flags`: further flags of the server
 * - `link`: the pages reach the server through a link that can be cut (`stage.link`)
 * - `mail`: the server sends mail, to a mail server of the story (`stage.mail`)
 * - `offline`: connections fail in this story, so Chromium's own messages about that are not errors
 * - `missing`: nor are those about files of the page
 * - `refused`: nor are those about requests that the server refuses
 */
export function story(name, { flags = [], link = false, mail = false, offline = false, missing = false, refused = false } = {}, act) {
  test(name, async (t) => {
    const stage = new Stage([
      ...(offline || missing ? [NETWORK] : []),
      ...(missing ? [MISSING] : []),
      ...(refused ? [REFUSED] : []),
    ]);
    try {
      await stage.set(flags, link, mail);
      await act(stage, t);
      assert.deepEqual(stage.problems, [], "a page printed errors");
    } catch (error) {
      await stage.photograph(name);
      t.diagnostic(`the server's last words:\n${stage.server?.output ?? ""}`);
      if (stage.problems.length > 0) t.diagnostic(`the pages' errors:\n${stage.problems.join("\n")}`);
      throw error;
    } finally {
      await stage.clear();
    }
  });
}

class Stage {
  problems = [];
  #contexts = [];
  #wires = [];

  constructor(expected) {
    this.expected = expected;
  }

  async set(flags, link, mail) {
    if (mail) this.mail = await MailServer.start();
    if (link) {
      this.link = await Link.open();
      flags = [...flags, "--allow-origin", this.link.url];
    }
    this.server = await Server.start((url) => [...flags, ...(this.mail?.flags(url) ?? [])]);
    this.link?.leadTo(this.server.port);
  }

  /** The URL by which pages reach the server. */
  get url() {
    return this.link?.url ?? this.server.url;
  }

  /** Creates a browser context, which shares nothing with the others. `options` are Playwright's. */
  async context(options = {}) {
    const wide = { viewport: { width: 1440, height: 900 }, locale: "en-US", timezoneId: "Asia/Tokyo" };
    const context = await (await browser()).newContext({ ...wide, ...options });
    context.setDefaultTimeout(15_000);
    context.on("console", (message) => {
      if (message.type() === "error") this.#problem(message.text());
    });
    context.on("weberror", (error) => this.#problem(`uncaught: ${error.error()}`));
    this.#contexts.push(context);
    return context;
  }

  /** Opens a new tab, enters a name and waits for `general`, or for where `options.path` leads. */
  async enter(name, options) {
    const context = options?.context ?? (await this.context(options));
    const person = new Person(await context.newPage(), this.url);
    await person.enter(name, options?.path);
    return person;
  }

  /** Opens a tab in which nobody has signed in. */
  async visitor(options) {
    const context = options?.context ?? (await this.context(options));
    return new Person(await context.newPage(), this.url);
  }

  /** Connects a client without a browser, directly to the server. */
  async wire(name, options) {
    const wire = await Wire.connect(this.server.url, name, options);
    this.#wires.push(wire);
    return wire;
  }

  async photograph(name) {
    const folder = path.join(OUT, "failures");
    await mkdir(folder, { recursive: true });
    const pages = this.#contexts.flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      const file = `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}-${index + 1}.png`;
      // A crashed page cannot be captured.
      await page.screenshot({ path: path.join(folder, file), timeout: 5_000 }).catch(() => {});
    }
  }

  async clear() {
    for (const wire of this.#wires) wire.close();
    for (const context of this.#contexts) await context.close();
    this.link?.close();
    this.mail?.stop();
    await this.server?.remove();
  }

  #problem(text) {
    if (!this.expected.some((known) => known.test(text))) this.problems.push(text);
  }
}
