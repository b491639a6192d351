// What a person hears who uses the page with a screen reader.

import { until } from "./until.js";

const sessions = new WeakMap();

/** From the first moment of its pages on, records what the browser would have a screen reader say unasked. */
export async function listen(context) {
  await context.addInitScript(() => {
    const REGIONS = "[aria-live], [role=alert], [role=status], [role=log]";
    window.heard = [];
    const words = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node.nodeType !== Node.ELEMENT_NODE || node.ariaHidden === "true" || !node.checkVisibility()) return "";
      return [...node.childNodes].map(words).join("");
    };
    const say = (node) => {
      const said = words(node).trim();
      if (said) window.heard.push(said);
    };
    const regionOf = (node) => {
      const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      const region = element?.closest(REGIONS);
      return region?.ariaLive === "off" ? null : region;
    };
    const isWhole = (region) => region.matches("[role=alert], [role=status], [aria-atomic=true]");
    new MutationObserver((records) => {
      const whole = new Set();
      for (const { target, addedNodes, type } of records) {
        const region = regionOf(target);
        if (region && isWhole(region)) whole.add(region);
        else if (region) (type === "characterData" ? [target] : addedNodes).forEach(say);
        // A region that comes together with its words says nothing, except for an alert.
        else for (const node of addedNodes) if (node.matches?.("[role=alert]")) whole.add(node);
        else for (const alert of node.querySelectorAll?.("[role=alert]") ?? []) whole.add(alert);
      }
      whole.forEach(say);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/** Returns what was said so far. */
export const heard = (page) => page.evaluate(() => window.heard);

/** Waits until exactly this was said so far. */
export async function hears(page, ...expected) {
  const same = async () => JSON.stringify(await heard(page)) === JSON.stringify(expected);
  await until(`what was said is ${JSON.stringify(expected)}`, same, { state: () => heard(page) });
}

/** Returns role, name and description of what has the focus, as the browser itself tells them to a screen reader. */
export async function focusTold(page) {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  const devtools = await sessions.get(page);
  const { result } = await devtools.send("Runtime.evaluate", { expression: "document.activeElement" });
  const { nodes } = await devtools.send("Accessibility.getPartialAXTree", { objectId: result.objectId, fetchRelatives: false });
  const [{ role, name, description }] = nodes;
  return { role: role.value, name: name?.value ?? "", description: description?.value ?? "" };
}

/** Waits until what has the focus is told with this role and name. */
export async function isTold(page, role, name) {
  const same = async () => {
    const told = await focusTold(page);
    return told.role === role && told.name === name;
  };
  await until(`${role} “${name}” has the focus`, same, { state: () => focusTold(page) });
}
