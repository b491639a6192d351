// A TCP link between page and server that can be cut, refused, or stopped in either direction.

import { createServer, connect } from "node:net";
import { once } from "node:events";

export class Link {
  #pairs = new Set();
  #server;
  #down = false;
  #toServer = true;
  #toPage = true;
  /** Requests that begin with this are cut, as by a proxy that does not know them. */
  bars;
  /** Number of connections that pages have made. */
  made = 0;

  /** Listens on a free port; `leadTo` sets the target. */
  static async open() {
    const link = new Link();
    link.#server = createServer((page) => link.#accept(page)).listen(0, "127.0.0.1");
    await once(link.#server, "listening");
    return link;
  }

  get port() {
    return this.#server.address().port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  leadTo(port) {
    this.target = port;
  }

  /** Cuts all connections, and later ones as soon as they are made. */
  breakDown() {
    this.#down = true;
    this.cut();
  }

  /** Lets everything through again. */
  mend() {
    this.#down = false;
    this.#toServer = this.#toPage = true;
    for (const { page, server } of this.#pairs) {
      page.resume();
      server.resume();
    }
  }

  /** Holds back what the page sends from now on. */
  holdToServer() {
    this.#toServer = false;
    for (const { page } of this.#pairs) page.pause();
  }

  /** Holds back what the server sends from now on. */
  holdToPage() {
    this.#toPage = false;
    for (const { server } of this.#pairs) server.pause();
  }

  /** Lets new connections through; what is held back stays so. */
  mendForNew() {
    this.#down = false;
    this.#toServer = this.#toPage = true;
  }

  /** Cuts all connections; what is held back is lost. */
  cut() {
    for (const { page, server } of this.#pairs) {
      page.resetAndDestroy();
      server.destroy();
    }
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #accept(page) {
    page.on("error", () => {});
    this.made += 1;
    if (this.#down) {
      page.resetAndDestroy();
      return;
    }
    const server = connect(this.target, "127.0.0.1");
    const pair = { page, server };
    this.#pairs.add(pair);
    server.on("error", () => {});
    page.on("data", (bytes) => {
      if (this.bars && bytes.toString("latin1").startsWith(this.bars)) page.resetAndDestroy();
      else server.write(bytes);
    });
    server.on("data", (bytes) => page.write(bytes));
    if (!this.#toServer) page.pause();
    if (!this.#toPage) server.pause();
    page.on("close", () => server.destroy());
    server.on("close", () => {
      this.#pairs.delete(pair);
      page.end();
    });
  }
}
