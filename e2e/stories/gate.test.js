import assert from "node:assert/strict";

import { hold } from "../harness/pieces.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const program = (url) => url.pathname.endsWith("/client_bg.wasm");

/** Opens the sign-in page; the program comes when the returned function is called. */
async function open(stage, options) {
  const page = await (await stage.context(options)).newPage();
  const letProgramGo = await hold(page, program);
  await page.goto(stage.url, { waitUntil: "domcontentloaded" });
  const field = page.getByTestId("name-input");
  await field.waitFor();
  return { page, field, letProgramGo };
}

story("a name that is no name is explained, before and after the program is there", {}, async (stage) => {
  const { page, field, letProgramGo } = await open(stage);
  const opening = page.getByText("Opening the square");
  await field.press("Enter");
  await opening.waitFor();
  letProgramGo();
  const problem = page.getByText("Please give a name.");
  await problem.waitFor();
  assert.equal(await opening.isVisible(), false);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await field.fill("A");
  await problem.waitFor({ state: "hidden" });
  await field.fill("");
  await field.press("Enter");
  await problem.waitFor();
  assert.equal(await opening.isVisible(), false);
  await field.fill("Anna");
  await field.press("Enter");
  await page.getByTestId("composer").waitFor();
});

story("who corrects a name that was submitted early decides again when to come in", {}, async (stage) => {
  const { page, field, letProgramGo } = await open(stage);
  await field.fill("Ann");
  await field.press("Enter");
  await field.press("Backspace");
  letProgramGo();
  await page.getByTestId("lang-en").waitFor();
  assert.ok(await field.isVisible());
  await field.pressSequentially("na");
  await field.press("Enter");
  await page.getByTestId("composer").waitFor();
  assert.match(await page.getByTestId("member-item").innerText(), /Anna/);
});

story("a fault of something else on the page does not cover a page that works", {}, async (stage) => {
  const { page, field, letProgramGo } = await open(stage);
  await page.evaluate(() => window.dispatchEvent(new ErrorEvent("error", { message: "an extension" })));
  await page.locator("#crash").waitFor();
  letProgramGo();
  await page.locator("#crash").waitFor({ state: "hidden" });
  await field.fill("Anna");
  await field.press("Enter");
  await page.getByTestId("composer").waitFor();
});

story("whoever signs out and in again at once loses nothing of the new session", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await anna.openSettings();
  await anna.page.getByTestId("sign-out").waitFor();
  await anna.page.evaluate(async () => {
    document.querySelector('[data-testid="sign-out"]').click();
    const field = document.querySelector("#name");
    while (document.querySelector("#gate").hidden) await Promise.resolve();
    field.value = "Berta";
    document.querySelector('[data-testid="name-submit"]').click();
  });
  await anna.composer.waitFor();
  await until("it is the new session", async () => (await anna.page.getByTestId("member-item").allInnerTexts()).some((name) => name.includes("Berta")));
  await anna.say("still here");
  await anna.allSent();
  await anna.page.reload();
  await anna.composer.waitFor();
  await anna.sees("still here");
});
