// Times as the page itself sees them, in milliseconds. What is added to a page runs in it before its own scripts.

/** Returns the middle one of an odd number of times. */
export const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

/** Writes times for a person. */
export const written = (times) => times.map((time) => time.toFixed(0)).join(", ");

/**
 * Presses a key as soon as the field with this test id has the focus on the next page that is opened. Returns a function
 * that tells how long after the begin of the navigation the field had the focus, and the frame with the letter was drawn.
 */
export async function pressWhenFocused(page, field) {
  let press;
  const focused = new Promise((resolve) => (press = resolve));
  await page.exposeFunction("hasFocus", (name, at) => name === field && press(at));
  await page.addInitScript(() => {
    addEventListener("focusin", ({ target }) => window.hasFocus(target.dataset?.testid, performance.now()));
    const drawn = () => requestAnimationFrame(() => setTimeout(() => (window.drawn = performance.now())));
    addEventListener("input", drawn, { capture: true, once: true });
  });
  return async () => {
    const at = await focused;
    await page.keyboard.press("a");
    const letter = await page.waitForFunction(() => window.drawn);
    return { focused: at, drawn: await letter.jsonValue() };
  };
}

/** Records the tasks of more than 50 ms of all pages of a browser in `window.longTasks`. */
export async function recordLongTasks(context) {
  await context.addInitScript(() => {
    window.longTasks = [];
    const record = (list) => window.longTasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })));
    new PerformanceObserver(record).observe({ type: "longtask", buffered: true });
  });
}

/** Records in `window.delays` the times between the press of a key in this box and the frame that shows the letter. */
export const recordKeys = (box) =>
  box.evaluate((element) => {
    window.delays = [];
    let pressed = 0;
    element.addEventListener("keydown", (event) => (pressed = event.timeStamp));
    element.addEventListener("input", () => {
      const since = pressed;
      requestAnimationFrame(() => setTimeout(() => window.delays.push(performance.now() - since)));
    });
  });

/**
 * Records in `window.openings` the times between a key or click and the end of the frame in which what it opens is there:
 * the element `focus` has the focus, and there are at least `least` elements `content`. That is the first callback of the
 * frame after it, so up to 16 ms more than what a person sees.
 */
export const recordOpenings = (page, opener) =>
  page.evaluate(({ event, key, focus, content, least }) => {
    window.openings = [];
    const opened = (cause) => {
      if (cause.key !== key) return;
      const look = () => {
        const there = document.activeElement?.matches(focus) && document.querySelectorAll(content).length >= least;
        requestAnimationFrame(there ? () => window.openings.push(performance.now() - cause.timeStamp) : look);
      };
      requestAnimationFrame(look);
    };
    addEventListener(event, opened, true);
  }, opener);
