import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Person } from "../harness/person.js";
import { freePort } from "../harness/server.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const SETTINGS = fileURLToPath(new URL("../../Trunk.toml", import.meta.url));

/** The project's own settings of `trunk serve`, with other ports, in a folder with a page that is finished. */
async function project(port, server) {
  const folder = await mkdtemp(path.join(tmpdir(), "hiroba-trunk-"));
  const settings = await readFile(SETTINGS, "utf8");
  const served = settings.slice(settings.indexOf("[serve]"));
  assert.match(served, /\[\[proxy\]\][^]*\[\[proxy\]\]/, "sockets and requests are handed on");
  const changed = served.replace("port = 8080", `port = ${port}`).replaceAll("localhost:8765", `localhost:${server}`);
  await writeFile(path.join(folder, "Trunk.toml"), `[build]\ndist = "dist"\n${changed}`);
  await cp(process.env.HIROBA_WEB, folder, { recursive: true });
  const files = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !/^(index\.html|Trunk\.toml)$/.test(name));
  const copied = files.map((file) => `<link data-trunk rel="copy-${file.isDirectory() ? "dir" : "file"}" href="${file.name}" />`);
  const page = path.join(folder, "index.html");
  await writeFile(page, (await readFile(page, "utf8")).replace("</head>", `${copied.join("")}</head>`));
  return folder;
}

story("an account works through `trunk serve` beside the server", { flags: ["--sign-up", "open"], refused: true }, async (stage) => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  // Debug builds allow the port that trunk has by default.
  stage.server.flags.push("--allow-origin", url);
  await stage.server.stop();
  await stage.server.startAgain();
  const folder = await project(port, stage.server.port);
  const trunk = spawn(process.env.HIROBA_TRUNK, ["serve", "--offline", "true", "--no-autoreload", "true"], { cwd: folder });
  let output = "";
  for (const stream of [trunk.stdout, trunk.stderr]) stream.on("data", (bytes) => (output += bytes));
  try {
    await until("trunk serves the page", async () => (await fetch(url).catch(() => null))?.ok, { state: () => output });
    const context = await stage.context();
    const anna = new Person(await context.newPage(), url);
    await anna.signUp("Anna", "an uncommon password");
    await anna.say("through trunk");
    await anna.allSent();
    await anna.page.reload();
    await anna.sees("through trunk");
    await anna.signOut();
    await anna.signIn("Anna", "an uncommon password");
    await anna.sees("through trunk");
    await anna.openSettings();
    await anna.page.getByTestId("session").waitFor();
  } finally {
    const ended = once(trunk, "exit");
    if (trunk.exitCode === null && trunk.kill()) await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
