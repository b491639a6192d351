import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

story("every acked message survives kill -9", { flags: ["--rate-limits", "off"] }, async (stage) => {
  const writer = await stage.wire("Writer");
  const acks = () => writer.frames.filter((frame) => frame.type === "ack");
  for (let number = 0; number < 2_000; number += 1) {
    const client_message_id = `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
    writer.send({ type: "chat", room: "general", content: `message ${number}`, client_message_id });
  }
  await until("some are acked", () => acks().length > 0);
  await stage.server.kill();
  await until("the connection is gone", () => !writer.connected);
  const acked = acks();

  await stage.server.startAgain();
  const reader = await stage.wire("Reader", { rooms: [] });
  await reader.join("general");
  const stored = new Map();
  for (let after = 0, more = true; more; ) {
    const page = await reader.ask({ type: "history", room: "general", after, limit: 200 });
    for (const event of page.events) stored.set(event.message_id, event.seq);
    after = page.events.at(-1)?.seq ?? after;
    more = page.more;
  }
  const lost = acked.filter((ack) => stored.get(ack.message_id) !== ack.seq);
  assert.deepEqual(lost, [], `${lost.length} of ${acked.length} acked messages are lost`);
  assert.equal(new Set(stored.values()).size, stored.size, "two messages have the same place");
});
