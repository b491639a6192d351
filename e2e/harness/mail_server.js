// A real mail server, and the mails that it took.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { until } from "./until.js";

const SCRIPT = fileURLToPath(new URL("mail_server.py", import.meta.url));

export class MailServer {
  #process;
  #mails = [];
  #problems = "";

  static async start() {
    const python = process.env.HIROBA_PYTHON;
    if (!python) throw new Error("HIROBA_PYTHON is not set: run the stories with `cargo xtask test stories`");
    const server = new MailServer();
    const child = spawn(python, [SCRIPT], { stdio: ["ignore", "pipe", "pipe"] });
    server.#process = child;
    child.stderr.on("data", (bytes) => (server.#problems += bytes));
    process.once("exit", () => child.kill("SIGKILL"));
    const lines = createInterface({ input: child.stdout });
    const first = once(lines, "line").then(([line]) => JSON.parse(line).port);
    const ended = once(child, "exit").then(() => {
      throw new Error(`the mail server ended at once:\n${server.#problems}`);
    });
    ended.catch(() => {});
    server.port = await Promise.race([first, ended]);
    lines.on("line", (line) => server.#mails.push(JSON.parse(line)));
    return server;
  }

  /** The flags with which Hiroba at `url` sends its mail here. */
  flags(url) {
    return ["--smtp-url", `smtp://127.0.0.1:${this.port}`, "--smtp-from", "Hiroba <chat@chat.example>", "--public-url", url];
  }

  /** Waits for the next mail. */
  async next() {
    await until("a mail comes", () => this.#mails.length > 0, { state: () => this.#problems });
    return this.#mails.shift();
  }

  /** Waits for the next mail, to this address, and returns the fragment of the link of this kind in it. */
  async link(to, kind) {
    const mail = await this.next();
    const [fragment] = mail.text.match(new RegExp(`#${kind}=[0-9a-f]{32}`)) ?? [];
    if (mail.to.join() !== to || !fragment) throw new Error(`not a mail with a link to ${to}: ${JSON.stringify(mail)}`);
    return fragment;
  }

  stop() {
    this.#process.kill("SIGKILL");
  }
}
