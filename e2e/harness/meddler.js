// Sits between a page and its server and changes what they send, frame by frame.

/**
 * `toPage` gets each frame of the server and returns what the page gets. `toServer` gets each frame of the page; it may
 * return nothing and answer itself. `cut()` ends the connection and refuses new ones until `mend()`.
 */
export async function meddle(context, { toPage = (frame) => frame, toServer = (frame) => frame } = {}) {
  const lines = new Set();
  let whole = true;
  await context.routeWebSocket("**/ws", (page) => {
    if (!whole) {
      page.close({ code: 1013 });
      return;
    }
    lines.add(page);
    const server = page.connectToServer();
    const say = (frame) => page.send(JSON.stringify(frame));
    page.onMessage((text) => {
      const frame = toServer(JSON.parse(text), say);
      if (frame) server.send(JSON.stringify(frame));
    });
    server.onMessage((text) => {
      const frame = toPage(JSON.parse(text));
      if (frame) say(frame);
    });
  });
  return {
    async cut() {
      whole = false;
      for (const line of lines) await line.close({ code: 1013 });
      lines.clear();
    },
    mend() {
      whole = true;
    },
  };
}
