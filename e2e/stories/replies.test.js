import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };

/** Chooses an item of a message's menu. */
async function choose(person, message, item) {
  await message.hover();
  await message.getByTestId("tool-more").click();
  await person.page.getByTestId(item).click();
}

const inView = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

story("a reply quotes what it answers, leads there, and says when that is deleted", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const first = await bert.post("general", "shall we meet?\nat the station");
  const anna = await stage.enter("Anna");
  await anna.sees("shall we meet?\nat the station");
  const question = anna.messages.filter({ hasText: "shall we" }).first();
  await question.hover();
  await question.getByTestId("tool-reply").click();
  await anna.page.getByTestId("reply-bar").filter({ hasText: "Replying to Bert" }).waitFor();
  await anna.page.getByTestId("reply-cancel").click();
  await anna.page.getByTestId("reply-bar").waitFor({ state: "hidden" });

  await question.hover();
  await question.getByTestId("tool-reply").click();
  await anna.page.keyboard.type("gladly");
  await anna.page.keyboard.press("Enter");
  const posted = await bert.frame("the reply", (frame) => frame.type === "message" && frame.content === "gladly");
  assert.equal(posted.reply_to, first.seq);
  await anna.page.getByTestId("reply-bar").waitFor({ state: "hidden" });
  const quote = anna.page.getByTestId("quote");
  assert.match(await quote.innerText(), /Bert\s+shall we meet\?$/, "the author and one line");

  await bert.fill("general", 150);
  await anna.page.getByTestId("jump-latest").or(anna.messages.filter({ hasText: /message 150$/ })).first().waitFor();
  await bert.ask({ type: "chat", room: "general", content: "still fine?", reply_to: first.seq });
  const late = anna.messages.filter({ hasText: "still fine?" });
  await until("the reply is on the page", async () => {
    if (await late.count()) return true;
    await anna.scrollDown();
  });
  await late.getByTestId("quote").click();
  await until("its message is on screen", async () => (await question.count()) > 0 && inView(question));
  assert.match(new URL(anna.page.url()).pathname, new RegExp(`/m/${first.seq}$`));

  await bert.ask({ type: "delete_message", room: "general", target: first.seq });
  await quote.filter({ hasText: "deleted" }).first().waitFor();
});

story("the replies to a message stand together beside the conversation and grow", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  const root = await bert.post("general", "Which colour?");
  const reply = (content) => bert.ask({ type: "chat", room: "general", content, reply_to: root.seq });
  await reply("Blue");
  await bert.post("general", "something else");
  const anna = await stage.enter("Anna");
  await anna.sees("Which colour?", "Blue", "something else");
  await choose(anna, anna.messages.first(), "menu-replies");
  const cards = anna.page.getByTestId("details").getByTestId("card");
  await until("question and answer are there", async () => (await cards.count()) === 2);
  await reply("Green");
  await until("the new answer is there", async () => (await cards.count()) === 3);
  assert.match(await cards.nth(2).innerText(), /Green/);
  await anna.page.getByTestId("replies-reply").click();
  await anna.page.getByTestId("reply-bar").waitFor();
  await anna.page.keyboard.type("Red");
  await anna.page.keyboard.press("Enter");
  await until("one's own answer is there", async () => (await cards.count()) === 4);
  await anna.page.getByTestId("details-close").click();
  await anna.member("Bert").waitFor();
});

story("a message is pinned for all, found beside the conversation, and unpinned", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.post("general", "Wi-Fi: hiroba / 広場へようこそ");
  await bert.fill("general", 400);
  const anna = await stage.enter("Anna");
  await bert.ask({ type: "pin_message", room: "general", target: 1 });
  await anna.page.getByTestId("pins-open").click();
  const card = anna.page.getByTestId("details").getByTestId("card");
  await card.filter({ hasText: "広場へようこそ" }).waitFor();
  await card.getByTestId("card-go").click();
  const pinned = anna.messages.filter({ hasText: "Wi-Fi" });
  await until("it is on screen", async () => (await pinned.count()) > 0 && inView(pinned));
  await choose(anna, pinned, "menu-pin");
  await until("the panel is empty", async () => (await card.count()) === 0);
  await bert.frame("it is unpinned", (frame) => frame.type === "message_unpinned");
  await anna.page.getByText("Nothing is pinned yet").waitFor();
});
