// Stories that are told in several engines: each file of stories/ adds its own, and `tell` makes tests of them.

import { after, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Link } from "../harness/link.js";
import { Server } from "../harness/server.js";
import { Wire } from "../harness/wire.js";
import { Person } from "./person.js";

const OUT = fileURLToPath(new URL("../out/failures", import.meta.url));

/** What the loader of pieces prints when there is no network. */
const NETWORK = /^TypeError: (NetworkError when attempting to fetch resource|Load failed)/;

const stories = [];

/**
 * Adds a story; `act` gets the stage.
 *
 * - `flags`: further flags of the server
 * - `link`: the page reaches the server through a link that can be cut (`stage.link`)
 * - `offline`: requests fail in this story, so what the page prints about that is no error
 * - `todo`: why the page cannot do this yet; the story is told, and its failure is reported without failing the run
 */
export function story(name, options, act) {
  stories.push({ name, act, ...options });
}

/** Tells all stories in one browser of this engine. */
export function tell(engine) {
  let launched;
  after(async () => (await launched)?.close());
  for (const { name, act, flags = [], link = false, offline = false, todo } of stories) {
    test(`${engine.name}: ${name}`, { todo }, async (t) => {
      const stage = new Stage();
      try {
        launched ??= engine.launch();
        await stage.set(await launched, flags, link);
        await act(stage, t);
        const problems = await stage.problems();
        assert.deepEqual(problems.filter((text) => !(offline && NETWORK.test(text))), [], "the page printed errors");
      } catch (error) {
        await stage.photograph(`${engine.name}-${name}`);
        t.diagnostic(`the server's last words:\n${stage.server?.output ?? ""}`);
        t.diagnostic(`the page's errors:\n${(await stage.problems().catch(() => [])).join("\n")}`);
        throw error;
      } finally {
        await stage.clear();
      }
    });
  }
}

class Stage {
  #wires = [];

  async set(browser, flags, link) {
    if (link) {
      this.link = await Link.open();
      flags = [...flags, "--allow-origin", this.link.url];
    }
    this.server = await Server.start(flags);
    this.link?.leadTo(this.server.port);
    this.tab = await browser.open({ width: 1280, height: 800 });
  }

  /** Opens the page, enters a name and waits for `general`, or for where `path` leads. */
  async enter(name, path) {
    const person = new Person(this.tab, this.link?.url ?? this.server.url);
    await person.enter(name, path);
    return person;
  }

  /** Connects a client without a browser, directly to the server. */
  async wire(name, options) {
    const wire = await Wire.connect(this.server.url, name, options);
    this.#wires.push(wire);
    return wire;
  }

  /** Returns the errors of the page. */
  async problems() {
    if (!this.tab) return [];
    await this.tab.collect();
    const stopped = (await this.tab.isVisible("#crash")) ? ["the page has stopped"] : [];
    return [...this.tab.problems, ...stopped];
  }

  async photograph(name) {
    await mkdir(OUT, { recursive: true });
    const file = path.join(OUT, `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.png`);
    // A page that has crashed cannot be captured.
    await this.tab?.screenshot(file).catch(() => {});
  }

  async clear() {
    for (const wire of this.#wires) wire.close();
    await this.tab?.close();
    this.link?.close();
    await this.server?.remove();
  }
}
