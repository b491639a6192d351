/** Hovers the top of a row that is higher than the view, so that nothing scrolls when its tools are clicked. */
export async function hoverTop(row) {
  await row.evaluate((element) => element.scrollIntoView({ block: "start" }));
  await row.hover({ position: { x: 200, y: 60 } });
}
