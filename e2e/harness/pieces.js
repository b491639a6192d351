// The files of the page that it fetches on demand.

const PIECE = /\/(split|chunk)_[^/]*\.wasm$/;

/** Whether a file is a piece. */
export const isPiece = (url) => PIECE.test(new URL(url).pathname);

/** Whether a file is the piece of this name; what several pieces share has files of its own. */
export const isPieceOf = (name) => (url) => url.pathname.includes(`/split_${name}.`);

/** Counts what a page fetches: `sizes` maps paths to bytes over the wire, headers included, once they are there. */
export async function countFetches(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const [urls, sizes] = [new Map(), new Map()];
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const url = urls.get(requestId);
    if (url && !url.startsWith("data:")) sizes.set(new URL(url).pathname, encodedDataLength);
  });
  return { urls, sizes, total: () => [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}

/** Holds the requests that `matches`; returns a function that lets them go. */
export async function hold(page, matches) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(matches, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}
