import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const CLIENT = fileURLToPath(new URL("../../examples/python_client.py", import.meta.url));

story("the demo's Python client runs unchanged: welcome, chat without joining, its own message back", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const client = spawn(process.env.HIROBA_PYTHON ?? "python3", ["-u", CLIENT, stage.server.url.replace("http", "ws")]);
  let output = "";
  for (const stream of [client.stdout, client.stderr]) stream.on("data", (bytes) => (output += bytes));
  try {
    await until("it prints its own message", () => /PythonBot: Hello from Python!/.test(output), { state: () => output });
    assert.match(output.split("\n")[0], /PythonBot/, "the first frame is the welcome");
    await anna.sees("Hello from Python!");
    await anna.say("Hello from the browser!");
    await until("it prints Anna's message", () => /Anna: Hello from the browser!/.test(output), { state: () => output });
    assert.equal(client.exitCode, null, "it goes on reading");
  } finally {
    const ended = once(client, "exit");
    if (client.exitCode === null && client.kill()) await ended;
  }
  // A client of the demo has no session: its name and membership end with its connection.
  await anna.member("PythonBot").waitFor({ state: "detached" });
});
