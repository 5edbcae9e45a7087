// Without a mouse: skip link, menu, tree, list, pages of a list, document, attachment, letters; on a desk and on a phone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PATIENCE, PHONE } from './lib/browser.mjs';
import { press, stops, tabTo } from './lib/keys.mjs';
import { start } from './lib/static.mjs';

let site;
before(async () => { site = await start(); });
after(() => site.close());

/** Enter on a link that has the focus, to the page that it leads to. */
async function follow(page, href) {
  await page.keyboard.press('Enter');
  await page.waitForURL(href, { timeout: PATIENCE });
}

/** The pages on the way down to a document: its channels from the top. */
function way(path) {
  const folders = path.split('/').slice(0, -1);
  const channels = folders.map((_, at) => `${folders.slice(0, at + 1).join('/')}/index.html`);
  return [...channels.filter((channel) => site.pages.has(channel)), path].map(site.url);
}

for (const [name, viewport] of [['desk', DESKTOP], ['phone', PHONE]]) {
  describe(name, () => {
    test('the first stop of every kind of page is the way past the menu', async () => {
      const page = await site.browser.page({ viewport });
      for (const path of Object.entries(site.kinds).filter(([kind]) => kind !== 'moved').map(([, path]) => path)) {
        await page.goto(site.url(path));
        const first = await press(page, 'Tab');
        assert.ok(first.href.endsWith('#main'), `${path}: ${first.name}`);
        await page.keyboard.press('Enter');
        await page.waitForFunction(() => document.activeElement.id === 'main');
        const next = await press(page, 'Tab');
        const isInside = await page.evaluate(() => document.querySelector('main').contains(document.activeElement)
          || document.querySelectorAll('main a[href], main button, main summary, main [tabindex="0"]').length === 0);
        assert.ok(isInside, `${path}: after the way past the menu comes ${next?.name}`);
      }
      await page.context().close();
    });

    test('Tab comes to everything in the order of the page, is never caught, and is always seen', async () => {
      const page = await site.browser.page({ viewport });
      for (const kind of ['home', 'channel with blocks', 'list channel, newest page', 'document, attachments', 'document, every construct',
        'document, no longer in force', 'axis', 'term', 'site map', 'not found']) {
        await page.goto(site.url(site.kinds[kind]));
        const expected = await stops(page);
        const visited = [];
        for (const _ of expected) visited.push((await press(page, 'Tab'))?.at);
        assert.deepEqual(visited, expected, kind);
        const beyond = await press(page, 'Tab');
        assert.ok(!beyond || beyond.at === expected[0], `${kind}: the last stop is not the last: ${beyond?.name}`);
      }
      await page.context().close();
    });

    test('from the home page through menu, channels and list to a document and its attachment', async (t) => {
      const page = await site.browser.page({ viewport });
      const steps = way(site.kinds['document, attachments']);
      await page.goto(site.url('index.html'));
      const menu = page.locator('header nav');
      if (name === 'phone') {
        assert.equal(await menu.locator('a:visible').count(), 0, 'the menu is folded');
        await tabTo(page, async () => (await page.evaluate(() => document.activeElement.matches('header summary'))), 'the button of the menu');
        await page.keyboard.press('Enter');
        await menu.locator('a').first().waitFor();
        assert.equal(await menu.locator('a:visible').count(), await menu.locator('a').count());
      }
      await tabTo(page, ({ href }) => href === steps[0], 'the menu');
      assert.ok(await page.evaluate(() => document.activeElement.closest('header nav') !== null));
      await follow(page, steps[0]);
      const walked = [steps[0]];
      while (walked.at(-1) !== steps.at(-1)) {
        const hrefs = await page.locator('main a:visible').evaluateAll((links) => links.map(({ href }) => href));
        const next = steps.findLast((step) => !walked.includes(step) && hrefs.includes(step));
        assert.ok(next, `${page.url()}: no link further down`);
        await tabTo(page, ({ href }) => href === next, next);
        await follow(page, next);
        walked.push(next);
      }
      t.diagnostic(walked.map((url) => decodeURI(new URL(url).pathname)).join(' → '));
      const file = await tabTo(page, ({ href }) => !/\.html?(#.*)?$/.test(href) && /\.\w+$/.test(href), 'an attachment');
      const download = page.waitForEvent('download');
      await page.keyboard.press('Enter');
      assert.equal((await download).suggestedFilename(), decodeURIComponent(file.href.split('/').at(-1)));
      await page.context().close();
    });

    test('through the pages of a list and back', async () => {
      const page = await site.browser.page({ viewport });
      await page.goto(site.url(site.kinds['list channel, newest page']));
      const rel = (value) => page.evaluate((value) => document.activeElement.rel === value, value);
      const older = await tabTo(page, () => rel('next'), 'the older page');
      await follow(page, older.href);
      const newer = await tabTo(page, () => rel('prev'), 'the newer page');
      await follow(page, newer.href);
      await page.context().close();
    });

    test('letters grow by a key, and stay so on the next page', async () => {
      const page = await site.browser.page({ viewport });
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
      await page.goto(site.url(site.kinds['document, plain']));
      const usual = await size();
      await tabTo(page, () => page.evaluate(() => document.activeElement.getAttribute('aria-pressed') === 'false'), 'the larger letters');
      await page.keyboard.press('Space');
      assert.ok(await size() > usual);
      await page.goto(site.url(site.kinds['document, attachments']));
      assert.ok(await size() > usual);
      assert.equal(await page.locator('button[aria-pressed="true"]').count(), 1);
      await page.context().close();
    });
  });
}
