// Documents and every kind of page in a narrow window, with scripts, under the production policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DESKTOP, NARROW, PATIENCE, lines, watch } from './lib/browser.mjs';
import { inner } from './lib/kinds.mjs';
import { POLICY } from './lib/server.mjs';
import { each } from './lib/site.mjs';
import { start } from './lib/static.mjs';

const LANES = 3;

let site;
before(async () => { site = await start(); });
after(() => site.close());

test('no document and no kind of page errs, asks anybody else or breaks the policy', async (t) => {
  const paths = [...new Set([...Object.values(site.kinds), ...site.documents])].filter((path) => !site.redirects.includes(path));
  const faults = [];
  const lanes = await Promise.all(Array.from({ length: LANES }, async () => {
    const page = await site.browser.page({ viewport: NARROW });
    return { page, seen: watch(page, site.address) };
  }));
  let most = 0;
  await each(paths, LANES, async (path, lane) => {
    const { page, seen } = lanes[lane];
    const answer = await page.goto(site.url(path));
    assert.equal(answer.headers()['content-security-policy'], POLICY);
    const pictures = await page.evaluate(() => [...document.images]
      .filter((image) => (image.complete && image.naturalWidth === 0) || !image.getAttribute('width') || !image.getAttribute('height'))
      .map((image) => image.src));
    const { faults: noticed, requests } = seen.drain();
    most = Math.max(most, requests);
    faults.push(...noticed.map((fault) => `${path}: ${fault}`));
    if (requests > 10) faults.push(`${path}: ${requests} requests`);
    faults.push(...pictures.map((picture) => `${path}: a picture without its size, or broken: ${picture}`));
  });
  t.diagnostic(`${paths.length} pages, at most ${most} requests for one`);
  assert.equal(faults.length, 0, lines(faults.slice(0, 40)));
});

test('a breach of the policy would be noticed', async () => {
  const page = await site.browser.page();
  const seen = watch(page, site.address);
  await page.goto(site.url('index.html'));
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.broken = true';
    document.body.append(script);
    const image = new Image();
    image.src = 'https://example.invalid/x.png';
    document.body.append(image);
  });
  await page.waitForFunction(() => document.images.length === 0 || [...document.images].every((image) => image.complete));
  assert.equal(await page.evaluate(() => window.broken), undefined);
  const { faults } = seen.drain();
  assert.ok(faults.filter((fault) => /Content Security Policy/.test(fault)).length >= 2, lines(faults));
  await page.context().close();
});

test('with larger letters nothing scrolls sideways either', async () => {
  const page = await site.browser.page({ viewport: NARROW });
  await page.addInitScript(() => localStorage.setItem('gongkai-text-size', 'l'));
  const faults = [];
  for (const [kind, path] of Object.entries(site.kinds).filter(([kind]) => kind !== 'moved')) {
    await page.goto(site.url(path));
    const [width, size] = await page.evaluate(() => [document.documentElement.scrollWidth, getComputedStyle(document.documentElement).fontSize]);
    assert.equal(size, '20px', path);
    if (width > NARROW.width) faults.push(`${kind} (${path}): ${width} px wide`);
  }
  assert.equal(faults.length, 0, lines(faults));
});

test('nothing moves while a page loads', async () => {
  const page = await site.browser.page({ viewport: DESKTOP });
  await page.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
      .observe({ type: 'layout-shift', buffered: true });
  });
  const faults = [];
  for (const [kind, path] of Object.entries(site.kinds).filter(([kind]) => kind !== 'moved')) {
    await page.goto(site.url(path));
    const moved = await page.evaluate(() => window.moved);
    if (moved > 0.02) faults.push(`${kind} (${path}): layout shift ${moved.toFixed(3)}`);
  }
  assert.equal(faults.length, 0, lines(faults));
});

test('an address that is not there answers with the page that says so, whole, at any depth', async () => {
  const page = await site.browser.page();
  for (const path of ['nothing.html', 'zwgk/no/such/page.html', 'zwgk/没有.html']) {
    const seen = watch(page, site.address);
    const answer = await page.goto(site.url(path));
    assert.equal(answer.status(), 404);
    const faults = seen.drain().faults.filter((fault) => !/status of 404|^404: /.test(fault));
    assert.deepEqual(faults, [], path);
    assert.equal(await page.locator('h1').count(), 1);
    const styled = await page.evaluate(() => [...document.styleSheets].some((sheet) => sheet.cssRules.length > 100));
    assert.ok(styled, `${path}: without its style`);
    await page.locator('main a').first().click();
    await page.waitForURL(site.url('index.html'), { timeout: PATIENCE });
  }
});

test('old addresses lead to their pages, with and without scripts', async () => {
  assert.ok(site.redirects.length > 0);
  for (const javaScriptEnabled of [true, false]) {
    const page = await site.browser.page({ javaScriptEnabled });
    for (const path of site.redirects) {
      const target = new URL(site.pages.get(path).match(/url=([^"]+)"/)[1], site.url(path)).href;
      await page.goto(site.url(path)).catch(() => { /* the page left before it was loaded */ });
      await page.waitForURL(target, { timeout: PATIENCE });
    }
    await page.context().close();
  }
});

test('pages are light (gzip)', (t) => {
  const packed = (text) => gzipSync(text, { level: 6 }).length;
  const faults = [];
  const heaviest = {};
  const weigh = (kind, path, bytes, budget) => {
    if (bytes > (heaviest[kind]?.bytes ?? 0)) heaviest[kind] = { bytes, path };
    if (bytes > budget * 1000) faults.push(`${path}: ${kind} of ${bytes} bytes, ${budget} kB are allowed`);
  };
  const documents = new Set(site.documents);
  for (const path of site.all) {
    const html = site.pages.get(path);
    if (documents.has(path)) {
      const text = inner(html).split('<div class="content">')[1]?.split('</div>\n')[0] ?? '';
      weigh('article without its text', path, packed(html) - packed(text), 15);
    } else if (path === 'index.html') weigh('home page', path, packed(html), 40);
    else weigh('list', path, packed(html), 25);
  }
  for (const [path, bytes] of site.files) {
    if (path.endsWith('.css')) weigh('style', path, packed(bytes), 12);
    if (path.endsWith('.js')) weigh('script', path, packed(bytes), 8);
    if (/\.(woff2?|ttf|otf)$/.test(path)) faults.push(`${path}: a font`);
  }
  for (const [kind, { bytes, path }] of Object.entries(heaviest)) t.diagnostic(`heaviest ${kind}: ${bytes} bytes, ${path}`);
  assert.equal(faults.length, 0, lines(faults.slice(0, 40)));
});
