// Hands on the keyboard: what has the focus, whether it is seen, and the way from one thing to the next.
import assert from 'node:assert/strict';

/** What has the focus: its place among all elements, and what is wrong with how it is seen. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getClientRects()[0] ?? new DOMRect();
    const style = getComputedStyle(element);
    // of what is larger than the window, a long table, the part that is in it
    const middle = (from, size, whole) => (size > whole ? (Math.max(from, 0) + Math.min(from + size, whole)) / 2 : from + size / 2);
    const [x, y] = [middle(box.x, box.width, innerWidth), middle(box.y, box.height, innerHeight)];
    const top = document.elementFromPoint(x, y);
    const faults = [];
    if (box.width < 2 || box.height < 2) faults.push('has no size');
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) faults.push(`is out of sight (${x | 0}, ${y | 0})`);
    else if (top !== element && !element.contains(top) && !top?.contains(element)) faults.push(`is covered by ${top?.outerHTML.slice(0, 80)}`);
    if ((style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) && style.boxShadow === 'none') faults.push('shows no focus');
    const name = `${element.tagName.toLowerCase()} ${element.textContent.trim().slice(0, 30)}`;
    return { at: [...document.querySelectorAll('*')].indexOf(element), name, href: element.href ?? '', id: element.id, faults };
  });
}

/** Presses a key and waits until a smooth focus has settled; what has the focus then is seen, or the test fails. */
export async function press(page, key) {
  await page.keyboard.press(key);
  const now = await focused(page);
  if (now && now.id !== 'main') assert.deepEqual(now.faults, [], `${page.url()}: ${now.name}`);
  return now;
}

/** Tabs on until `is` says of what has the focus that it is what is looked for. */
export async function tabTo(page, is, what) {
  for (let presses = 1; presses < 400; presses += 1) {
    const now = await press(page, 'Tab');
    if (now && await is(now)) return now;
  }
  return assert.fail(`${page.url()}: Tab never comes to ${what}`);
}

/** What Tab should come to: places among all elements, in their order. */
export function stops(page) {
  return page.evaluate(() => [...document.querySelectorAll('*')].map((element, at) => [element, at])
    .filter(([element]) => element.matches('a[href], button, summary, input, select, textarea, [tabindex="0"]')
      && element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
    .map(([, at]) => at));
}
