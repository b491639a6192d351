// Waits for a condition: the only way in which stories wait.

/** How long anything may take before a story fails, in milliseconds. */
export const PATIENCE = 15_000;

/**
 * Resolves with the first truthy value of `condition`, which may be async.
 * `what` names the condition in the error, together with what `state` returns, if given.
 */
export async function until(what, condition, { within = PATIENCE, state } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) {
      const seen = state ? `; seen: ${JSON.stringify(await state())}` : "";
      throw new Error(`waited ${within} ms in vain until ${what}${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
