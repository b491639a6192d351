// What a person does and sees in one tab, in any engine.

import { until } from "../harness/until.js";
import { id } from "./tab.js";

/** The field of the composer. */
export const COMPOSER = id("composer");
/** The list of messages. */
export const TIMELINE = '[role="log"]';

export class Person {
  constructor(tab, url) {
    this.tab = tab;
    this.url = url;
  }

  /** Opens the page, enters a name and waits for `general`, or for where `path` leads. */
  async enter(name, path = "/") {
    await this.tab.goto(new URL(path, this.url).href);
    await this.tab.fill(id("name-input"), name);
    await this.tab.click(id("name-submit"));
    await this.tab.shows(COMPOSER);
  }

  /** Writes a message and sends it with Enter. */
  async say(text) {
    await this.tab.fill(COMPOSER, text);
    await this.tab.press("Enter");
  }

  /** Joins `room`, which is created if there is none, and waits until it is open. */
  async join(room) {
    await this.tab.click(id("new-room-open"));
    await this.tab.shows(id("new-room-input"));
    await this.tab.fill(id("new-room-input"), room);
    await this.tab.click(id("new-room-submit"));
    await this.#isIn(room);
  }

  /** Opens a room of the list. */
  async open(room) {
    await this.tab.click(`${id("room-item")}[data-room="${room}"] a`);
    await this.#isIn(room);
  }

  /** Returns the room whose item is marked as the current one; null if there is none. */
  async openRoom() {
    return this.tab.attribute(`${id("room-item")}:has([aria-current="page"])`, "data-room");
  }

  /** Returns the texts on screen, in order. */
  async texts() {
    return this.tab.texts(id("message-text"));
  }

  /** Waits until the texts on screen end with exactly these. */
  async sees(...expected) {
    const last = async () => (await this.texts()).slice(-expected.length);
    const all = async () => JSON.stringify(await last()) === JSON.stringify(expected);
    await until(`the texts end with ${JSON.stringify(expected)}`, all, { state: last });
  }

  /** Waits until every message on screen is stored in the room. */
  async allSent() {
    const waiting = `${id("message")}:is([data-pending="true"], [data-failed="true"])`;
    await until("everything is sent", async () => (await this.tab.count(waiting)) === 0);
  }

  /** Returns how far the message is from the middle of the list, in pixels; null if it is not on the page. */
  async fromMiddle(seq) {
    return this.tab.evaluate((timeline, row) => {
      const middle = (selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return box && (box.top + box.bottom) / 2;
      };
      return document.querySelector(row) ? Math.abs(middle(row) - middle(timeline)) : null;
    }, TIMELINE, `[data-seq="${seq}"]`);
  }

  async #isIn(room) {
    await until(`${room} is open`, async () => (await this.openRoom()) === room);
  }
}
