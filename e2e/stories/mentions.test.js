import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("a name is completed by keyboard, also after a full-width sign, and whom it calls sees it", {}, async (stage) => {
  const hanako = await stage.enter("花子", { locale: "ja-JP" });
  const anna = await stage.enter("Anna");
  await anna.member("花子").waitFor();
  const list = anna.page.getByTestId("completion");

  await anna.composer.pressSequentially("hi ＠花");
  await list.waitFor();
  assert.equal(await anna.composer.getAttribute("aria-haspopup"), "listbox");
  const active = await anna.composer.getAttribute("aria-activedescendant");
  assert.match(await anna.page.locator(`#${active}`).innerText(), /花子/);
  await anna.page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
  assert.equal(await anna.composer.inputValue(), "hi ＠花", "Escape only closes the list");

  await anna.composer.fill("");
  await anna.composer.pressSequentially("hi @");
  await list.waitFor();
  await anna.page.keyboard.press("ArrowDown");
  const chosen = () => anna.page.locator('[data-testid="completion-option"][aria-selected="true"]').innerText();
  await until("everybody is chosen", async () => /room/.test(await chosen()));
  await anna.page.keyboard.press("ArrowUp");
  await anna.page.keyboard.press("Enter");
  assert.equal(await anna.composer.inputValue(), "hi @花子 ", "Enter chose, and sent nothing");
  await anna.composer.pressSequentially("お昼は？");
  await anna.page.keyboard.press("Enter");

  const called = hanako.messages.filter({ hasText: "お昼は" });
  await called.waitFor();
  await until("it stands out", async () => /\bcalls\b/.test(await called.getAttribute("class")));
  assert.equal(await called.locator(".call.own").innerText(), "@花子");
  const own = anna.messages.filter({ hasText: "お昼は" });
  assert.equal(await own.locator(".call").innerText(), "@花子");
  assert.doesNotMatch(await own.getAttribute("class"), /\bcalls\b/);
});

story("the list is silent while an input method composes", {}, async (stage) => {
  await stage.wire("花子");
  const anna = await stage.enter("Anna", { locale: "ja-JP" });
  await anna.member("花子").waitFor();
  const devtools = await anna.page.context().newCDPSession(anna.page);
  await anna.composer.focus();
  await anna.page.keyboard.type("@");
  const list = anna.page.getByTestId("completion");
  await list.waitFor();
  const compose = (text) =>
    devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await compose("はな");
  await list.waitFor({ state: "hidden" });
  await compose("花子");
  assert.equal(await list.count(), 0);
  const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
  assert.equal(await anna.composer.inputValue(), "@花子");
  await devtools.send("Input.insertText", { text: "花子" });
  await list.waitFor();
  await anna.page.keyboard.press("Tab");
  assert.equal(await anna.composer.inputValue(), "@花子 ");
});

story("the page shows as calls what the server takes for calls", {}, async (stage) => {
  const corpus = JSON.parse(await readFile(new URL("../../shared/tests/corpus/calls.json", import.meta.url)));
  for (const name of corpus.names) {
    const person = await stage.wire(name);
    assert.equal(person.welcome.username.toLowerCase(), name, "the name is free");
  }
  const author = await stage.wire("author");
  const reader = await stage.enter("Reader");
  await until("everybody is there", async () => (await reader.page.getByTestId("member-item").count()) > corpus.names.length);
  for (const [text, called] of corpus.texts) {
    const { seq } = await author.post("general", text);
    const posted = await author.frame("the message", (frame) => frame.type === "message" && frame.seq === seq);
    assert.equal(new Set(called.map((name) => name.toLowerCase())).size, posted.mentions?.users.length ?? 0, text);
    const row = reader.page.locator(`[data-testid="message"][data-seq="${seq}"]`);
    await row.waitFor();
    assert.deepEqual(await row.locator(".call").allTextContents().then((calls) => calls.map((call) => call.slice(1))), called, text);
  }
});
