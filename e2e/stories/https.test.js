import assert from "node:assert/strict";
import { after, before } from "node:test";

import { Certificate } from "../harness/certificate.js";
import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const certificate = await Certificate.make();
after(() => certificate.remove());
before(() => certificate.replace("first"));

story("the chat over HTTPS, and a new certificate while people talk", { flags: certificate.flags }, async (stage) => {
  assert.match(stage.url, /^https:/);
  // Nobody vouches for the certificate of a story.
  const context = await stage.context({ ignoreHTTPSErrors: true });
  const sockets = [];
  context.on("page", (page) => page.on("websocket", (socket) => sockets.push(socket)));
  const anna = await stage.enter("Anna", { context });
  const bert = await stage.enter("Bert", { context: await stage.context({ ignoreHTTPSErrors: true }) });
  assert.ok(sockets.every((socket) => socket.url().startsWith("wss:")) && sockets.length === 1);
  assert.ok(await anna.page.evaluate(() => isSecureContext));

  await anna.say("encrypted");
  await bert.sees("encrypted");

  const presented = async () => {
    const page = await context.newPage();
    const answer = await page.goto(`${stage.url}/healthz`);
    const details = await answer.securityDetails();
    await page.close();
    return details;
  };
  const details = await presented();
  assert.deepEqual([details.protocol, details.subjectName], ["TLS 1.3", "first"]);
  await certificate.replace("second");
  await until("the new certificate is presented", async () => {
    // A browser keeps connections for further requests; another origin of the same server has none yet.
    const other = await stage.context({ ignoreHTTPSErrors: true });
    const page = await other.newPage();
    const answer = await page.goto(`https://localhost:${stage.server.port}/healthz`);
    return (await answer.securityDetails()).subjectName === "second";
  });
  await bert.say("nobody was cut off");
  await anna.sees("encrypted", "nobody was cut off");
  assert.equal(sockets.filter((socket) => !socket.isClosed()).length, 1, "Anna's first socket is still open");
  assert.equal(sockets.length, 1);
});

story("an old address without TLS leads to the page", { flags: certificate.flags }, async (stage) => {
  const context = await stage.context({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(stage.url.replace("https:", "http:"));
  assert.ok(page.url().startsWith("https:"), page.url());
  await page.getByTestId("name-input").waitFor();
});
