import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("a tab whose process is killed is announced to the others", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  const item = anna.member("Bert");
  await item.waitFor();
  await until("Bert is online", async () => (await item.getAttribute("data-status")) === "online");

  const devtools = await bert.page.context().newCDPSession(bert.page);
  const crashed = bert.page.waitForEvent("crash");
  // The answer never comes: the process that would send it is gone.
  devtools.send("Page.crash").catch(() => {});
  await crashed;

  await until("Bert is offline or gone", async () => {
    return (await item.count()) === 0 || (await item.getAttribute("data-status")) === "offline";
  });
});

story("a tab that reloads stays who it was, and nobody sees it leave", {}, async (stage) => {
  const anna = await stage.enter("Anna");
  const bert = await stage.enter("Bert");
  await bert.say("Before");
  await anna.sees("Before");

  await anna.page.evaluate(() => {
    const list = document.querySelector('[data-testid="member-list"]');
    window.seen = [];
    const look = () => {
      const items = [...list.querySelectorAll('[data-testid="member-item"]')];
      window.seen.push(items.map((item) => `${item.textContent.trim()}=${item.dataset.status}`).join());
    };
    new MutationObserver(look).observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await bert.page.reload();
  await bert.composer.waitFor();
  await bert.sees("Before");
  await bert.say("After");
  await anna.sees("Before", "After");

  const seen = await anna.page.evaluate(() => window.seen);
  const left = seen.filter((members) => members.includes("offline") || !members.includes("Bert"));
  if (left.length > 0) throw new Error(`Bert was seen to leave: ${JSON.stringify(left)}`);
});
