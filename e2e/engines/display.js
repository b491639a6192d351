// A screen that nobody sees: WebKit's browser has no headless mode.

import { spawn } from "node:child_process";
import { once } from "node:events";

export class Display {
  #process;
  #kill = () => this.#process.kill();

  /** Starts Xvfb, which chooses a free number and writes it to descriptor 3. */
  static async open() {
    const display = new Display();
    const options = ["-displayfd", "3", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"];
    display.#process = spawn("Xvfb", options, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    process.once("exit", display.#kill);
    const ended = once(display.#process, "exit").then(() => Promise.reject(new Error("Xvfb ended at once")));
    const [number] = await Promise.race([once(display.#process.stdio[3], "data"), ended]);
    ended.catch(() => {});
    display.name = `:${String(number).trim()}`;
    return display;
  }

  close() {
    process.removeListener("exit", this.#kill);
    this.#kill();
  }
}
