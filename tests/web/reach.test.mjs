// Without scripts, on the narrowest phone: every page and every file is reached from the home page, no link leads nowhere,
// and no page scrolls sideways.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { NARROW, lines } from './lib/browser.mjs';
import { inner } from './lib/kinds.mjs';
import { each } from './lib/site.mjs';
import { start } from './lib/static.mjs';

const LANES = 3;

/** What no page needs to link to, and why. */
const ELSEWHERE = [
  [/^404\.html$/, 'is shown by the web server'],
  [/^(robots\.txt|sitemap(-[\w-]+)?\.xml)$/, 'is for machines, which know the name or are told it by robots.txt'],
  [/(^|\/)data_\d+\.(json|csv)$/, 'is named by the index.json beside it'],
];

/** An archive page whose cards all stand on the newest page is there so that its address stays; nobody needs a link to it. */
function isOverlapped(path) {
  const cards = (name) => [...inner(site.pages.get(name)).matchAll(/<li><div><a href="([^"]+)"|<td><a href="([^"]+)"/g)].map(([, a, b]) => a ?? b);
  if (!/\/list_\d+\.html$/.test(path)) return false;
  const newest = new Set(cards(path.replace(/list_\d+\.html$/, 'index.html')));
  return cards(path).length > 0 && cards(path).every((card) => newest.has(card));
}

let site;
let found;
before(async () => {
  site = await start();
  found = await crawl();
});
after(() => site.close());

/** Follows links breadth first: {depths: page or file → clicks, faults, wide}. */
async function crawl() {
  const lanes = await Promise.all(Array.from({ length: LANES }, () => site.browser.page({ viewport: NARROW, javaScriptEnabled: false })));
  const depths = new Map([['index.html', 0]]);
  const ids = new Map();
  const links = [];
  const wide = [];
  for (let level = ['index.html']; level.length > 0;) {
    const next = [];
    await each(level, LANES, async (path, lane) => {
      const page = lanes[lane];
      await page.goto(site.url(path));
      const seen = await page.evaluate(() => {
        const width = document.documentElement.scrollWidth;
        // what is folded is opened with a click, for which no script is needed
        document.querySelectorAll('details').forEach((details) => { details.open = true; });
        const isShown = (element) => element.getClientRects().length > 0;
        return {
          width: Math.max(width, document.documentElement.scrollWidth),
          ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
          links: [...document.querySelectorAll('a[href]')].filter(isShown).map(({ href }) => href),
          parts: [...document.querySelectorAll('[src], link[href]:not([rel="canonical"])')].map((element) => element.src ?? element.href),
        };
      });
      if (seen.width > NARROW.width) wide.push(`${path}: ${seen.width} px wide`);
      ids.set(path, new Set(seen.ids));
      for (const href of [...seen.links, ...seen.parts]) links.push([path, href]);
      for (const href of seen.links) {
        const { origin, pathname } = new URL(href);
        const target = decodeURIComponent(pathname).slice(1) || 'index.html';
        if (origin !== site.address || depths.has(target) || !site.files.has(target)) continue;
        depths.set(target, depths.get(path) + 1);
        if (site.pages.has(target) && !site.redirects.includes(target)) next.push(target);
      }
    });
    level = next;
  }
  await Promise.all(lanes.map((page) => page.context().close()));
  return { depths, ids, links, wide };
}

test('every page and every file is reached from the home page', (t) => {
  const missed = [...site.files.keys()].filter((path) => !found.depths.has(path));
  // what says that a document was withdrawn is found by who has noted down its address, and by nobody else
  const isWithdrawn = (path) => site.pages.has(path) && String(site.pages.get(path)).includes('<meta name="robots" content="noindex">');
  const excused = (path) => site.redirects.includes(path) || isWithdrawn(path) || path.startsWith('assets/')
    || found.links.some(([, href]) => href === site.url(path)) || ELSEWHERE.some(([pattern]) => pattern.test(path)) || isOverlapped(path);
  const lost = missed.filter((path) => !excused(path));
  const depths = site.documents.map((path) => found.depths.get(path));
  t.diagnostic(`${found.depths.size} of ${site.files.size} files are linked; documents at most ${Math.max(...depths)} clicks away`);
  assert.equal(lost.length, 0, lines(lost.slice(0, 40)));
});

test('every document is at most four clicks away', () => {
  const far = site.documents.filter((path) => found.depths.get(path) > 4);
  assert.equal(far.length, 0, lines(far.map((path) => `${path}: ${found.depths.get(path)}`)));
});

test('no link leads nowhere', () => {
  const outside = new Set();
  const dead = [];
  for (const [page, href] of found.links) {
    const url = new URL(href);
    if (url.origin !== site.address) {
      if (!['https:', 'http:', 'mailto:', 'tel:'].includes(url.protocol) && href !== 'data:,') dead.push(`${page}: ${href}`);
      outside.add(url.host);
      continue;
    }
    let target = decodeURIComponent(url.pathname).slice(1);
    if (target === '' || target.endsWith('/')) target += 'index.html';
    if (!site.files.has(target)) dead.push(`${page}: ${href}`);
    else if (url.hash && !found.ids.get(target)?.has(decodeURIComponent(url.hash.slice(1)))) dead.push(`${page}: no such place: ${href}`);
  }
  assert.equal(dead.length, 0, lines([...new Set(dead)].slice(0, 40)));
});

test('no page scrolls sideways at 320 px', () => {
  assert.equal(found.wide.length, 0, lines(found.wide.slice(0, 40)));
});

test('an attachment is downloaded whole: it has the checksum that stands beside it', async () => {
  const page = await site.browser.page({ javaScriptEnabled: false });
  await page.goto(site.url(site.kinds['document, attachments']));
  const items = page.locator('main li', { has: page.locator('code') });
  assert.ok(await items.count() > 0);
  for (const item of await items.all()) {
    const download = page.waitForEvent('download');
    await item.locator('a').first().click();
    const bytes = await readFile(await (await download).path());
    await item.locator('summary').click();
    assert.equal(createHash('sha256').update(bytes).digest('hex'), await item.locator('code').innerText());
  }
});

test('what needs a script is not shown without it', async () => {
  const page = await site.browser.page({ javaScriptEnabled: false });
  const faults = [];
  for (const [kind, path] of Object.entries(site.kinds).filter(([kind]) => kind !== 'moved')) {
    await page.goto(site.url(path));
    const buttons = await page.locator('button:visible').count();
    if (buttons > 0) faults.push(`${kind} (${path}): ${buttons} buttons`);
  }
  assert.equal(faults.length, 0, lines(faults));
});
