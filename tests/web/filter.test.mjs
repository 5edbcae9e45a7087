// The typing filter of a list: an extra that the script adds. Without it everything is there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, PHONE, audit, isGrave } from './lib/browser.mjs';
import { tabTo } from './lib/keys.mjs';
import { start } from './lib/static.mjs';

let site;
before(async () => { site = await start(); });
after(() => site.close());

/** What is seen of the list: its rows, and the headings above them. */
function seen(page) {
  return page.evaluate(() => {
    const rows = [...document.querySelectorAll('.records tbody tr')].filter((row) => row.checkVisibility());
    const heads = rows.filter((row) => row.querySelector('[scope="rowgroup"]'));
    return { rows: rows.length - heads.length, heads: heads.map((row) => row.textContent.trim()), text: rows.map((row) => row.textContent).join('\n') };
  });
}

for (const [name, viewport] of [['desk', DESKTOP], ['phone', PHONE]]) {
  test(`what is typed filters the rows of the page, and is told how many are left (${name})`, async () => {
    const page = await site.browser.page({ viewport });
    await page.goto(site.url(site.kinds['records, list']));
    const all = await seen(page);
    assert.ok(all.rows > 20 && all.heads.length > 5);
    const input = page.getByRole('searchbox');
    assert.equal(await input.count(), 1);
    assert.match(await input.evaluate((element) => element.labels[0].textContent), /查找/);
    await tabTo(page, () => input.evaluate((element) => element === document.activeElement), 'the filter');
    // every word, in any column; full-width letters are the same ones
    await page.keyboard.type('处罚 ＣＦ');
    const some = await seen(page);
    assert.ok(some.rows > 0 && some.rows < all.rows);
    assert.deepEqual(some.heads, ['行政处罚']);
    const status = page.getByRole('status');
    assert.equal(await status.textContent(), `找到 ${some.rows} 条`);
    await page.keyboard.type(' 没有这样的词');
    assert.deepEqual([(await seen(page)).rows, await status.textContent()], [0, '找到 0 条']);
    assert.deepEqual((await audit(page)).found.filter(isGrave), []);
    await input.fill('');
    assert.deepEqual([await seen(page), await status.textContent()], [all, '']);
    // the way goes on to the table
    await input.focus();
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => Boolean(document.activeElement.querySelector('.records'))), 'the filter catches the focus');
    await page.context().close();
  });
}

test('without scripts there is no filter and nothing is missing', async () => {
  const page = await site.browser.page({ javaScriptEnabled: false });
  const path = site.kinds['records, list'];
  await page.goto(site.url(path));
  assert.equal(await page.locator('input').count(), 0);
  const rows = site.pages.get(path).match(/<tr><(th scope="row"|td)/g).length;
  assert.equal(await page.locator('.records tbody tr:visible').filter({ hasNot: page.locator('[scope="rowgroup"]') }).count(), rows);
  await page.locator('.records tbody a').first().click();
  assert.ok(await page.locator('dl.record').isVisible());
});

test('a list of items is filtered as a table is', async () => {
  const page = await site.browser.page();
  const path = site.kinds['records, list'];
  const items = ['甲村 一组', '甲村 二组', '乙村 一组'].map((text) => `<li>${text}</li>`).join('');
  const body = site.pages.get(path).replace('</main>', `<ul id="land" data-filter="查地块">${items}</ul></main>`);
  await page.route(site.url(path), (route) => route.fulfill({ body, contentType: 'text/html' }));
  await page.goto(site.url(path));
  // the other list of the page is left alone
  const before = await seen(page);
  await page.getByRole('searchbox', { name: '查地块' }).fill('甲 一');
  assert.deepEqual(await page.locator('#land li:visible').allTextContents(), ['甲村 一组']);
  assert.deepEqual(await seen(page), before);
  assert.equal(await page.getByRole('status').last().textContent(), '找到 1 条');
});
