// What a reader sees while scrolling. These functions run in the page.

/**
 * Scrolls to the first row, or to the end of the last one, so that more rows load there; returns by how many pixels it
 * moved at most until they are drawn.
 */
export async function driftWhileLoading(end = "first") {
  const view = document.querySelector('[role="log"]');
  const outermost = () => {
    const rows = [...view.querySelectorAll('[data-testid="message"]')];
    return end === "first" ? rows[0] : rows.at(-1);
  };
  const row = outermost();
  const { seq } = row.dataset;
  if (end === "first") row.scrollIntoView({ block: "start", behavior: "instant" });
  else view.scrollTop = view.scrollHeight;
  const start = row.getBoundingClientRect().top;
  let worst = 0;
  for (let settled = 0, waited = 0; settled < 10 && waited < 900; waited += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    worst = Math.max(worst, Math.abs(row.getBoundingClientRect().top - start));
    if (outermost().dataset.seq !== seq) settled += 1;
  }
  return worst;
}

/** Scrolls by `step` pixels at a time until the topmost row has reached the seq `until`; returns what it observed. */
export async function wander({ step, until, limit }) {
  const view = document.querySelector('[role="log"]');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const rows = () => [...view.querySelectorAll('[data-testid="message"]')];
  const seq = (row) => Number(row.dataset.seq);
  const anchor = () => rows().find((row) => row.getBoundingClientRect().bottom > view.getBoundingClientRect().top);
  let [most, worst, steps] = [0, 0, 0];
  for (; steps < limit; steps += 1) {
    const row = anchor();
    const reached = step < 0 ? seq(row) <= until : seq(row) >= until;
    if (reached) break;
    const before = row.getBoundingClientRect().top;
    const from = view.scrollTop;
    view.scrollTop += step;
    const moved = view.scrollTop - from;
    // Waits until nothing is loading: the row may move by what was scrolled and by nothing else.
    for (let still = 0; still < 3; ) {
      await frame();
      most = Math.max(most, rows().length);
      if (row.isConnected) {
        worst = Math.max(worst, Math.abs(row.getBoundingClientRect().top - (before - moved)));
      }
      still = view.querySelector(".edge") ? 0 : still + 1;
    }
  }
  return { most, worst, steps, at: seq(anchor()) };
}

/** Resolves when the list has neither scrolled nor changed for ten frames and nothing is loading. */
export async function rest() {
  const view = document.querySelector('[role="log"]');
  const state = () => [view.scrollTop, view.scrollHeight, view.querySelectorAll('[data-testid="message"]').length].join();
  for (let still = 0, last = ""; still < 10; last = state()) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    still = last === state() && !view.querySelector(".edge") ? still + 1 : 0;
  }
}

/**
 * From now on compares every frame with the one before and counts in `window.moves`, for a reader who only scrolls up: by
 * how many pixels the row in the middle has moved up at most, and how often it was replaced.
 */
export function watchMoves() {
  const view = document.querySelector('[role="log"]');
  const moves = (window.moves = { back: 0, lost: 0, frames: 0 });
  let row, top;
  const look = () => {
    moves.frames += 1;
    if (row && !row.isConnected) moves.lost += 1;
    else if (row) moves.back = Math.max(moves.back, top - row.getBoundingClientRect().top);
    const { top: upper, height } = view.getBoundingClientRect();
    const rows = [...view.querySelectorAll('[data-testid="message"]')];
    row = rows.find((one) => one.getBoundingClientRect().bottom > upper + height / 2);
    top = row?.getBoundingClientRect().top;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
