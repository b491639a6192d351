import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { story } from "../harness/story.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open"], refused: true };

story("somebody downloads what is stored of them, in a file with their name, and nothing of others", OPEN, async (stage) => {
  const hana = await stage.visitor();
  await hana.signUp("花子", PASSWORD);
  const bert = await stage.visitor();
  await bert.signUp("Bert", PASSWORD);
  await bert.say("only Bert's");
  await hana.sees("only Bert's");
  await hana.say("書いたもの");
  await hana.allSent();
  await hana.openSettings();
  const { page } = hana;
  const begun = page.waitForEvent("download");
  await page.getByTestId("download").click();
  const download = await begun;
  assert.match(download.suggestedFilename(), /^hiroba-花子-\d{4}-\d\d-\d\d\.jsonl$/);
  await page.getByText("Your data is downloaded.").waitFor();
  const text = await readFile(await download.path(), "utf8");
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.at(-1), { type: "end", lines: lines.length - 1 });
  assert.equal(lines[0].name, "花子");
  const written = lines.filter(({ type }) => type === "message").map(({ content }) => content);
  assert.deepEqual(written, ["書いたもの"]);
  assert.ok(!text.includes("Bert"));
});

story("a download that breaks off, or is one too many, says so and can be tried again", { ...OPEN, offline: true }, async (stage) => {
  const hana = await stage.visitor();
  await hana.signUp("Hana", PASSWORD);
  await hana.openSettings();
  const { page } = hana;
  const path = "**/api/v1/account/download";
  const problem = page.getByTestId("download-problem");
  await page.route(path, (route) => route.abort());
  await page.getByTestId("download").click();
  await problem.getByText("The server does not answer.").waitFor();
  await page.unroute(path);
  const refusal = { code: "rate_limited", message: "too fast", retry_after_ms: 700_000 };
  await page.route(path, (route) => route.fulfill({ status: 429, json: refusal }));
  await page.getByTestId("download").click();
  await problem.getByText("Please wait 12 minutes.").waitFor();
  await page.unroute(path);
  const begun = page.waitForEvent("download");
  await page.getByTestId("download").click();
  await begun;
  await page.getByTestId("download-done").getByText(/./).waitFor();
  assert.equal(await problem.innerText(), "");
});
