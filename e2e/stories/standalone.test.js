import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { binary, freePort } from "../harness/server.js";
import { Person } from "../harness/person.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("the binary alone in an empty folder serves the page, chats and keeps its data", {}, async (stage) => {
  const folder = await mkdtemp(path.join(tmpdir(), "hiroba-alone-"));
  const alone = path.join(folder, "hiroba");
  await copyFile(binary(), alone);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const run = async () => {
    const server = spawn(alone, ["--listen", `127.0.0.1:${port}`], { cwd: folder, stdio: "ignore" });
    process.once("exit", () => server.kill("SIGKILL"));
    await until("it is ready", async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok);
    return server;
  };
  const end = async (server) => {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    const [code] = await ended;
    assert.equal(code, 0, "it ends well when asked to");
  };

  try {
    let server = await run();
    const context = await stage.context();
    const anna = new Person(await context.newPage(), url);
    await anna.enter("Anna");
    await anna.say("I was here");
    await anna.allSent();
    await anna.page.close();
    await end(server);
    assert.deepEqual((await readdir(folder)).sort(), ["hiroba", "hiroba-data"]);

    server = await run();
    const bert = new Person(await context.newPage(), url);
    await bert.enter("Bert");
    await bert.sees("I was here");
    await bert.page.close();
    await end(server);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

story("a taken port gives one sentence that names the port and --listen", {}, async (stage) => {
  const folder = await mkdtemp(path.join(tmpdir(), "hiroba-taken-"));
  const { port } = stage.server;
  const second = spawnSync(binary(), ["--listen", `127.0.0.1:${port}`], { cwd: folder, encoding: "utf8", timeout: 10_000 });
  await rm(folder, { recursive: true, force: true });
  assert.notEqual(second.status, 0);
  const said = (second.stdout + second.stderr).trim().split("\n");
  assert.equal(said.length, 1, said.join("\n"));
  assert.match(said[0], new RegExp(`${port}`));
  assert.match(said[0], /--listen/);
});
