// A client of protocol 1 without a browser; it records every frame.

import { randomUUID } from "node:crypto";
import WebSocket from "ws";

import { until } from "./until.js";

export class Wire {
  frames = [];
  #socket;
  #ended = false;

  /** Signs in and joins `general`, or the rooms named. */
  static async connect(url, username, { rooms = ["general"] } = {}) {
    const wire = new Wire();
    wire.#socket = new WebSocket(url.replace(/^http/, "ws") + "/ws");
    wire.#socket.on("message", (bytes) => wire.frames.push(JSON.parse(bytes)));
    wire.#socket.on("close", () => (wire.#ended = true));
    wire.#socket.on("error", () => (wire.#ended = true));
    await until(`${username} is connected`, () => wire.#socket.readyState === WebSocket.OPEN);
    wire.send({ type: "auth", username, protocol: 1, rooms: [] });
    wire.welcome = await wire.frame("the welcome", (frame) => frame.type === "welcome");
    for (const room of rooms) await wire.join(room);
    return wire;
  }

  get connected() {
    return !this.#ended;
  }

  send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Returns the first frame, earlier or to come, that `wanted` accepts. */
  async frame(what, wanted) {
    return until(what, () => this.frames.find(wanted), { state: () => this.frames.slice(-5) });
  }

  /** Sends a request and returns its answer. */
  async ask(request) {
    const id = randomUUID();
    this.send({ ...request, id });
    const answer = await this.frame(`the answer to ${request.type}`, (frame) => frame.id === id);
    if (answer.type === "error") throw new Error(`${request.type} failed: ${answer.code}: ${answer.message}`);
    return answer;
  }

  async join(room) {
    return this.ask({ type: "join_room", room });
  }

  /** Posts and waits until it is stored. */
  async post(room, content) {
    return this.ask({ type: "chat", room, content, client_message_id: randomUUID() });
  }

  /** Posts `message 1`, `message 2` … up to `count` without waiting for each; returns when all are stored. */
  async fill(room, count, text = (number) => `message ${number}`) {
    const stored = () => this.frames.filter((frame) => frame.type === "ack" && frame.room === room).length;
    const before = stored();
    for (let number = 1; number <= count; number += 1) {
      this.send({ type: "chat", room, content: text(number), client_message_id: randomUUID() });
      // The server's backlog for a connection is bounded: read the answers meanwhile.
      if (number % 500 === 0 || number === count) {
        await until(`${number} messages are stored`, () => stored() === before + number);
      }
    }
    this.frames = this.frames.filter((frame) => frame.type === "welcome");
  }

  /** Waits until a search finds something: the index lags a moment behind the store. */
  async finds(query) {
    await until(`“${query}” is found`, async () => (await this.ask({ type: "search", query })).hits.length > 0);
  }

  /** Returns the texts of this room's messages in the order of arrival. */
  texts(room) {
    const messages = this.frames.filter((frame) => frame.type === "message" && frame.room === room);
    return messages.map((message) => message.content);
  }

  close() {
    this.#socket.terminate();
  }
}
