// The real `hiroba`, on a free port with its own data folder.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { until } from "./until.js";

/** Returns the binary under test, with the web client embedded. */
export function binary() {
  const named = process.env.HIROBA_BINARY;
  if (!named) throw new Error("HIROBA_BINARY is not set: run the stories with `cargo xtask test stories`");
  return named;
}

/** Returns a port of 127.0.0.1 that is free at the moment. */
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

  /** Starts a server with `flags` besides the address and the data folder; they may be a function of its address. */
  static async start(flags = []) {
    const server = new Server();
    server.port = await freePort();
    server.folder = await mkdtemp(path.join(tmpdir(), "hiroba-story-"));
    server.flags = typeof flags === "function" ? flags(server.url) : flags;
    await server.startAgain();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The end of what it printed. */
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

  /** Runs `hiroba user …` from a shell, beside the server. Returns what it printed. */
  async user(command, ...operands) {
    const data = ["--data-dir", path.join(this.folder, "data")];
    const { stdout } = await promisify(execFile)(binary(), ["user", command, ...operands, ...data]);
    return stdout;
  }

  /** The fragment of the link whose user becomes the owner. */
  async ownerLink() {
    const file = path.join(this.folder, "data", "hiroba-owner-link");
    return new URL((await readFile(file, "utf8")).trim()).hash;
  }

  /** Sends SIGTERM, as a service manager does. */
  async stop() {
    await this.#end("SIGTERM");
  }

  /** Sends SIGKILL: the effect of `kill -9` or a power cut. */
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
