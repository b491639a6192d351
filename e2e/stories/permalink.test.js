import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const FAST = { flags: ["--rate-limits", "off"] };

/** Returns the distance between the middle of the element and the middle of the message list, in pixels. */
const fromMiddle = (locator) =>
  locator.evaluate((element) => {
    const middle = ({ top, bottom }) => (top + bottom) / 2;
    const view = element.closest('[role="log"]');
    return Math.abs(middle(element.getBoundingClientRect()) - middle(view.getBoundingClientRect()));
  });

const path = (person) => new URL(person.page.url()).pathname;

story("the address of a message leads to it, also far in the past, and marks it for a moment", FAST, async (stage) => {
  const bert = await stage.wire("Bert", { rooms: ["図書室"] });
  await bert.fill("図書室", 3_000);
  const address = `/r/${encodeURIComponent("図書室")}/m/41`;
  const anna = await stage.enter("Anna", { path: address });

  const found = anna.messages.filter({ hasText: /^.*message 41$/s });
  await found.waitFor();
  await until("it is marked", async () => (await found.getAttribute("data-found")) === "true");
  const off = await fromMiddle(found);
  assert.ok(off < 60, `it is ${off} px from the middle`);
  assert.equal(path(anna), address);
  await until("the mark goes", async () => (await found.getAttribute("data-found")) === null);

  await anna.page.reload();
  await found.waitFor();
  await until("it is in the middle after a reload", async () => (await fromMiddle(found)) < 60);

  await anna.page.getByTestId("jump-latest").click();
  await anna.sees("message 3000");
  assert.equal(path(anna), `/r/${encodeURIComponent("図書室")}`);
});

story("an address that leads to nothing says so and shows the latest", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 200);
  const anna = await stage.enter("Anna", { path: "/r/general/m/999999" });
  await anna.notice.filter({ hasText: "not there" }).waitFor();
  await anna.sees("message 200");
  await until("the address is the room's", () => path(anna) === "/r/general");
});

story("Back leads from a room to the message that one came from", FAST, async (stage) => {
  const bert = await stage.wire("Bert");
  await bert.fill("general", 500);
  const anna = await stage.enter("Anna", { path: "/r/general/m/60" });
  const found = anna.message("message 60");
  await found.waitFor();
  await anna.join("kitchen");
  await until("the address is the kitchen's", () => path(anna) === "/r/kitchen");
  await anna.page.goBack();
  await found.waitFor();
  assert.equal(path(anna), "/r/general/m/60");
  await until("it is in the middle", async () => (await fromMiddle(found)) < 60);
});
