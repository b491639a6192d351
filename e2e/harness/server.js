// The real `hiroba`, on a free port with a data folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { until } from "./until.js";

/** The binary under test, with the web client inside. */
export function binary() {
  const named = process.env.HIROBA_BINARY;
  if (!named) throw new Error("HIROBA_BINARY is not set: run the stories with `cargo xtask test stories`");
  return named;
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

export class Server {
  #process;
  #output = "";

  /** `flags` are added to the address and the data folder. */
  static async start(flags = []) {
    const server = new Server();
    server.port = await freePort();
    server.folder = await mkdtemp(path.join(tmpdir(), "hiroba-story-"));
    server.flags = flags;
    await server.startAgain();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The last lines it printed. */
  get output() {
    return this.#output.slice(-4_000);
  }

  /** Starts it on the same port and data folder as before. */
  async startAgain() {
    const address = ["--listen", `127.0.0.1:${this.port}`, "--data-dir", path.join(this.folder, "data")];
    const child = spawn(binary(), [...address, ...this.flags], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => (this.#output += bytes));
    }
    this.#killWithUs(child);
    await until("the server is ready", async () => {
      if (child.exitCode !== null) throw new Error(`the server ended at once:\n${this.output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      return answer?.ok;
    }, { state: () => this.output });
  }

  /** Asks it to stop, as a service manager does. */
  async stop() {
    await this.#end("SIGTERM");
  }

  /** What `kill -9` or a power cut does. */
  async kill() {
    await this.#end("SIGKILL");
  }

  async remove() {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal) {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  #killWithUs(child) {
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.removeListener("exit", kill));
  }
}
