import assert from "node:assert/strict";

import { story } from "../harness/story.js";

// These depend on the browser's tables and its URL parser; everything else has unit tests.
story("addresses in sentences of any script are links, and exactly they", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const links = [
    ["連絡先：me@example.org", "me@example.org", "mailto:me@example.org"],
    ["（me@example.org）", "me@example.org", "mailto:me@example.org"],
    ["メールはme@example.orgです", "me@example.org", "mailto:me@example.org"],
    ["｢https://example.org/a｣｡", "https://example.org/a", "https://example.org/a"],
    ["https://example.org｡つぎ", "https://example.org", "https://example.org"],
    ["«https://example.com#frag»", "https://example.com#frag", "https://example.com#frag"],
    ["https://example.org/wiki/ビル・が\u3099・", "https://example.org/wiki/ビル・が\u3099", "https://example.org/wiki/ビル・が\u3099"],
    ["www.example.orgです", "www.example.org", "https://www.example.org"],
    ["→http://[::1]:8765/a←", "http://[::1]:8765/a", "http://[::1]:8765/a"],
    ["「https://例え.テスト/パス」", "https://例え.テスト/パス", "https://例え.テスト/パス"],
    ["https://münchen.example…", "https://münchen.example", "https://münchen.example"],
  ];
  for (const [text, shown, target] of links) {
    await anna.say(text);
    const message = anna.messages.filter({ hasText: text }).getByTestId("message-text");
    await message.waitFor();
    assert.equal(await message.innerText(), text, "nothing is lost");
    const found = await message.locator("a").evaluateAll((all) => all.map((a) => [a.innerText, a.getAttribute("href")]));
    assert.deepEqual(found, [[shown, target]], text);
  }
  for (const text of ["https://[1:2]", "http://1.2.3.256/", "https://example.org:99999", "javascript://example.org", "@me@example.org"]) {
    await anna.say(text);
    const message = anna.messages.filter({ hasText: text }).getByTestId("message-text");
    await message.waitFor();
    assert.equal(await message.locator("a").count(), 0, text);
  }
});
