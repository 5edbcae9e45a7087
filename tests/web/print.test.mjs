// On paper: A4 as the theme asks for it, nothing cut off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lines } from './lib/browser.mjs';
import { inner } from './lib/kinds.mjs';
import { each } from './lib/site.mjs';
import { start } from './lib/static.mjs';

const LANES = 2;
const A4 = 210;
const PRINTED = ['home', 'document, plain', 'document, merged table', 'document, every construct', 'document, longest text', 'crossing'];

/** For the page: the numbers in an element that stand on more than one line. */
const NUMBERS = `window.brokenNumbers = (element) => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const { 0: number, index } of text.data.matchAll(/[0-9][0-9.,]*/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + number.length);
      if (new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1) broken.push(number);
    }
  }
  return broken;
};`;

let site;
before(async () => { site = await start(); });
after(() => site.close());

/** Width of the type area in pixels, from the theme's @page rule. */
async function typeArea(page) {
  const [left, right] = await page.evaluate(() => {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const { style } = rules.find((rule) => rule instanceof CSSPageRule);
    return [style.marginLeft, style.marginRight];
  });
  assert.ok(left.endsWith('mm') && right.endsWith('mm'), `@page: ${left}, ${right}`);
  return Math.floor(((A4 - parseFloat(left) - parseFloat(right)) / 25.4) * 96);
}

test('nothing is cut off: no table, picture or code is wider than the paper, and no cell than its column', async (t) => {
  const isWide = (path) => /<(table|img|pre)/.test(inner(site.pages.get(path)));
  const paths = [...new Set([...Object.values(site.kinds), ...site.all.filter((path) => site.documents.includes(path) && isWide(path))])]
    .filter((path) => !site.redirects.includes(path));
  const lanes = await Promise.all(Array.from({ length: LANES }, () => site.browser.page()));
  const faults = [];
  await lanes[0].goto(site.url('index.html'));
  const width = await typeArea(lanes[0]);
  for (const page of lanes) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ media: 'print' });
    await page.addInitScript(NUMBERS);
  }
  await each(paths, LANES, async (path, lane) => {
    const page = lanes[lane];
    await page.goto(site.url(path));
    const cut = await page.evaluate(() => {
      const edge = document.documentElement.clientWidth;
      const out = [];
      if (document.documentElement.scrollWidth > edge) out.push(`the page: ${document.documentElement.scrollWidth} of ${edge} px`);
      for (const element of document.querySelectorAll('main *')) {
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        if (box.width === 0 || style.display === 'inline' || style.position === 'absolute') continue;
        const name = `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.trim().slice(0, 20)}`;
        if (box.right > edge + 1 || box.left < -1) out.push(`${name}: from ${box.left | 0} to ${box.right | 0} of ${edge} px`);
        if (style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) out.push(`${name}: scrolls`);
        if (style.overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1) out.push(`${name}: is clamped`);
        if (/^T[DH]$/.test(element.tagName) && element.scrollWidth > element.clientWidth + 1) out.push(`${name}: wider than its cell`);
        if (/^T[DH]$/.test(element.tagName)) out.push(...brokenNumbers(element).map((number) => `${name}: ${number} is broken`));
      }
      return out;
    });
    faults.push(...cut.map((what) => `${path}: ${what}`));
  });
  t.diagnostic(`${paths.length} pages at ${width} px`);
  assert.equal(faults.length, 0, lines(faults.slice(0, 40)));
});

test('no number in a table is broken over two lines, however many columns there are', async () => {
  const page = await site.browser.page();
  await page.addInitScript(NUMBERS);
  await page.goto(site.url('index.html'));
  await page.setViewportSize({ width: await typeArea(page), height: 900 });
  await page.emulateMedia({ media: 'print' });
  await page.goto(site.url(site.kinds['document, merged table']));
  for (const [columns, number] of [[3, '1234567890.12'], [6, '1234567.89'], [7, '1234567.89'], [11, '1234567.89'], [14, '1234567.89'], [22, '110'], [22, '1234.56']]) {
    const cells = (tag, text) => `<tr>${`<${tag}>${text}</${tag}>`.repeat(columns)}</tr>`;
    const merged = `<tr>${`<td>${number}</td>`.repeat(columns - 2)}<td colspan="2">合计</td></tr>`;
    const html = `<div class="table-scroll"><table><thead>${cells('th', '指标名称')}</thead><tbody>${cells('td', number)}${merged}</tbody></table></div>`;
    const [wide, broken, sizes] = await page.evaluate((table) => {
      document.querySelector('.content').innerHTML = table;
      const all = [...document.querySelectorAll('.content th, .content td')];
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth > clientWidth, all.flatMap(brokenNumbers), new Set(all.map((cell) => getComputedStyle(cell).fontSize)).size];
    }, html);
    assert.deepEqual([wide, broken, sizes], [false, [], 1], `${columns} columns of ${number}`);
  }
});

test('the menu stays on the screen, the note goes to the paper', async () => {
  const page = await site.browser.page();
  await page.goto(site.url(site.kinds['document, attachments']));
  const shown = () => page.evaluate(() => {
    const isShown = (element) => element.checkVisibility();
    return [[...document.querySelectorAll('nav')].some(isShown), document.body.innerText.includes('网页打印件'), document.querySelectorAll('button').length > 0
      && [...document.querySelectorAll('button')].some(isShown)];
  });
  assert.deepEqual(await shown(), [true, false, true]);
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await shown(), [false, true, false]);
});

test('Chromium prints a short page on one sheet or two, a long one on several', async (t) => {
  const page = await site.browser.page();
  for (const [kind, path] of Object.entries(site.kinds).filter(([kind]) => PRINTED.includes(kind))) {
    await page.goto(site.url(path));
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const sheets = pdf.match(/\/Type\s*\/Page\b(?!s)/g).length;
    t.diagnostic(`${kind}: ${sheets}`);
    if (kind === 'document, plain') assert.ok(sheets <= 2, `${path}: ${sheets} sheets`);
    if (kind === 'document, longest text') assert.ok(sheets >= 3, `${path}: ${sheets} sheets`);
  }
});
