import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("rooms are completed after # and lead there, emoji after : in both languages", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  await stage.wire("Bert", { rooms: ["雑談", "release notes"] });
  const { page, composer } = anna;
  const list = page.getByTestId("completion");
  const options = () => page.getByTestId("completion-option").allInnerTexts();

  await composer.pressSequentially("see ＃雑");
  await list.waitFor();
  assert.equal(await list.getAttribute("role"), "listbox");
  assert.equal(await composer.getAttribute("aria-haspopup"), "listbox");
  assert.equal(await page.locator(`#${await composer.getAttribute("aria-activedescendant")}`).getAttribute("aria-selected"), "true");
  await composer.press("Enter");
  assert.equal(await composer.inputValue(), "see #雑談 ");
  await composer.pressSequentially("and #not");
  // The list of rooms is told once a second.
  await list.getByText("release notes").waitFor();
  await composer.press("Tab");
  assert.equal(await composer.inputValue(), "see #雑談 and #release notes ");
  await composer.press("Enter");
  const links = anna.messages.filter({ hasText: "see" }).getByTestId("text-room");
  assert.deepEqual(await links.allInnerTexts(), ["#雑談", "#release notes"]);
  await links.last().click();
  await until("the room is open", async () => (await anna.openRoom()) === "release notes");

  for (const [typed, emoji] of [[":sush", "🍣"], ["：すし", "🍣"], [":ありがと", "🙏"]]) {
    await composer.pressSequentially(typed);
    await list.waitFor();
    await composer.press("Enter");
    assert.equal((await composer.inputValue()).replaceAll("\u{FE0F}", ""), emoji, typed);
    await composer.fill("");
  }
  await composer.pressSequentially("at 10:30 :) http://ex ::so 状態：完了");
  assert.equal(await list.isVisible(), false);
  await composer.fill("");
  await composer.pressSequentially(":smi");
  await list.waitFor();
  const first = (await options())[0];
  await composer.press("ArrowDown");
  assert.notEqual(await page.locator('[data-testid="completion-option"][aria-selected="true"]').innerText(), first);
  await composer.press("Escape");
  await list.waitFor({ state: "detached" });
  assert.equal(await composer.inputValue(), ":smi");
});

story("nothing is completed while an input method composes", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const { page, composer } = anna;
  await composer.pressSequentially(":smi");
  await page.getByTestId("completion").waitFor();
  await composer.fill("");
  const client = await page.context().newCDPSession(page);
  for (const text of ["＠", "＃ge", "：smi"]) {
    await client.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    assert.equal(await page.getByTestId("completion").isVisible(), false, text);
  }
  await client.send("Input.insertText", { text: "：smi" });
  await page.getByTestId("completion").waitFor();
});
