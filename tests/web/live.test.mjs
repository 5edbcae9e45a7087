// The preview: what is saved shows by itself, what is wrong is told where it is, what is not public is marked.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PATIENCE, PHONE, DESKTOP, audit, isGrave, lines, open, watch } from './lib/browser.mjs';
import { check } from './lib/checker.mjs';
import { inner, isRedirect, kinds } from './lib/kinds.mjs';
import { tabTo } from './lib/keys.mjs';
import { serveFiles } from './lib/server.mjs';
import { desk, serve } from './lib/serve.mjs';
import { built, edit, gongkai, root } from './lib/site.mjs';

const BAND = '本地预览·未发布';
const isThere = existsSync(join(root, 'src/serve')) || await gongkai('serve', '--help').then(() => true, () => false);

describe('serve', { skip: isThere ? false : 'there is no serve yet' }, () => {
  let browser;
  let site;
  let preview;
  let release;
  let pages;

  before(async () => {
    [browser, site, release] = await Promise.all([open(), desk(), built()]);
    preview = await serve(site.folder);
    pages = kinds(release);
  });
  after(async () => {
    await preview?.stop();
    await browser?.close();
    await site?.remove();
    await release?.remove();
  });

  // Each test ends when what it put back shows again: the next one shall not meet its rebuild.
  const source = (path) => site.documents.get(path).source;

  /** A page of the preview that is connected: it will be told of changes. */
  async function look(path, options) {
    const page = await browser.page(options);
    const seen = watch(page, preview.address);
    const connected = page.waitForRequest(/\/\.gongkai\/events/);
    await page.goto(preview.url(path));
    if (options?.javaScriptEnabled !== false) {
      await connected;
      await mark(page);
    } else connected.catch(() => {});
    return { page, seen, close: () => page.context().close() };
  }

  /** So that a page which was loaded again can be told. It may be loading again just now, for what was saved before. */
  async function mark(page) {
    const set = () => page.evaluate(() => { window.untouched = true; });
    await set().catch(async () => {
      await page.waitForLoadState();
      await set();
    });
  }

  const isUntouched = (page) => page.evaluate(() => window.untouched === true);
  const errors = (page) => page.locator('#gk-errors li');

  test('a text that is saved shows by itself, at the place where it was read, and only on its own page', async () => {
    const path = pages['document, longest text'];
    const { page, seen, close } = await look(path);
    const other = await look(pages['document, plain']);
    const list = await look('index.html');
    await page.evaluate(() => window.scrollTo(0, 2000));
    const at = await page.evaluate(() => window.scrollY);
    assert.ok(at > 1500, `scrolled to ${at}`);
    for (const words of ['第一次改动', '第二次改动']) {
      await edit(site.folder, source(path), (text) => `${text}\n\n${words}。\n`);
      await page.getByText(words).waitFor();
      await page.waitForFunction((at) => document.readyState === 'complete' && Math.abs(window.scrollY - at) < 3, at);
    }
    // Two rounds have passed: whoever had to load again has done so.
    assert.ok(await isUntouched(other.page), 'another document was loaded again');
    assert.ok(await isUntouched(list.page), 'a list was loaded again for a text that it does not show');
    for (const one of [seen, other.seen, list.seen]) assert.deepEqual(one.drain().faults, []);
    await Promise.all([close(), other.close(), list.close()]);
  });

  test('a new title shows in the lists that are open, too', async () => {
    // The document is one that the list has: not every folder is a channel, and not every list has room for all.
    const from = pages['list channel, newest page'];
    const path = [...inner(release.pages.get(from)).matchAll(/href="([^"#]+\.html)"/g)]
      .map(([, href]) => join(dirname(from), href)).find((path) => site.documents.has(path));
    const list = await look(from);
    const document = await look(path);
    const before = await edit(site.folder, source(path), (text) => text.replace(/^(title|标题):.*$/m, '$1: 改过的标题'));
    await list.page.locator('main').getByText('改过的标题').waitFor();
    await document.page.getByRole('heading', { level: 1, name: '改过的标题' }).waitFor();
    await writeFile(join(site.folder, source(path)), before);
    await list.page.locator('main').getByText('改过的标题').waitFor({ state: 'detached' });
    await Promise.all([list.close(), document.close()]);
  });

  test('an error is shown with its place and escaped, the last good page stays, and the repair goes on by itself', async () => {
    const path = pages['document, longest text'];
    const { page, seen, close } = await look(path);
    const heading = await page.locator('h1').innerText();
    const before = await edit(site.folder, source(path), (text) => text.replace('---\n', '---\n"<img src=x onerror=window.hacked=1><b>键</b>": 值\n'));
    await errors(page).first().waitFor();
    const told = await page.locator('#gk-errors').innerText();
    assert.ok(told.includes(`${source(path)}:2`), told);
    assert.ok(told.includes('<img src=x onerror=window.hacked=1>'), told);
    assert.equal(await page.locator('#gongkai-serve').locator('img, script, li b b').count(), 0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator('h1').innerText(), heading);
    assert.ok(await isUntouched(page), 'the page was loaded again although it is the same');
    // who comes now sees the same
    const late = await look(path);
    assert.equal(await late.page.locator('h1').innerText(), heading);
    assert.equal(await errors(late.page).count(), await errors(page).count());
    const result = await audit(late.page);
    assert.deepEqual(result.found.filter(isGrave), []);
    assert.ok(await gongkai('build', '--root', site.folder).then(() => false, ({ code }) => code === 1), 'build refuses it as well');
    await writeFile(join(site.folder, source(path)), `${before}\n\n已经改正。\n`);
    await page.getByText('已经改正。').waitFor();
    await errors(page).first().waitFor({ state: 'detached' });
    await late.page.getByText('已经改正。').waitFor();
    assert.deepEqual(seen.drain().faults, []);
    await Promise.all([close(), late.close()]);
  });

  test('a draft is seen and marked, in its own page and in lists, and is in no build', async () => {
    const name = 'content/zwdt/caogao.md';
    const list = await look('zwdt/index.html');
    await writeFile(join(site.folder, name), '---\ntitle: 一份草稿\nissuer: 郯城县人民政府办公室\npublished: 2026-06-30\ndraft: true\n---\n\n正文。\n');
    const entry = list.page.locator('main li', { hasText: '一份草稿' });
    await entry.waitFor();
    assert.match(await entry.innerText(), /草稿/);
    const { page, close } = await look('zwdt/caogao.html');
    assert.equal(await page.locator('h1').innerText(), '一份草稿');
    assert.match(await page.locator('#gongkai-serve').innerText(), /未发布[\s\S]*草稿/);
    await gongkai('build', '--root', site.folder, '--as-of', '2026-07-01', '--output', 'without');
    await assert.rejects(access(join(site.folder, 'without/zwdt/caogao.html')));
    await rm(join(site.folder, name));
    await entry.waitFor({ state: 'detached' });
    await Promise.all([close(), list.close()]);
  });

  test('a page whose file is taken away says so, and comes back with it', async () => {
    const path = 'zwdt/huilai.html';
    const text = '---\ntitle: 去而复返\nissuer: 郯城县人民政府办公室\npublished: 2026-06-01\n---\n\n正文。\n';
    const file = join(site.folder, 'content/zwdt/huilai.md');
    const { page, close } = await look(path);
    assert.notEqual(await page.locator('h1').innerText(), '去而复返');
    for (const round of [1, 2]) {
      await writeFile(file, text);
      await page.getByRole('heading', { level: 1, name: '去而复返' }).waitFor();
      await rm(file);
      await page.getByRole('heading', { level: 1, name: '去而复返' }).waitFor({ state: 'detached' });
      assert.ok(round);
    }
    await close();
  });

  test('a style of the site\'s own shows by itself', async () => {
    const { page, close } = await look('index.html');
    const folder = join(site.folder, 'templates/assets');
    await mkdir(folder, { recursive: true });
    const style = [...release.files].find(([path]) => /^assets\/site\..*\.css$/.test(path))[1];
    await writeFile(join(folder, 'site.css'), `${style}\nbody { border-top: 7px solid; }\n`);
    await page.waitForFunction(() => getComputedStyle(document.body).borderTopWidth === '7px');
    await rm(join(site.folder, 'templates'), { recursive: true });
    await page.waitForFunction(() => getComputedStyle(document.body).borderTopWidth === '0px');
    await close();
  });

  test('the band stands on every kind of page, and nothing of the preview is in a build', async () => {
    const { page, seen, close } = await look('index.html');
    for (const [kind, path] of Object.entries(pages)) {
      await page.goto(preview.url(path));
      assert.ok((await page.locator('#gongkai-serve').innerText()).includes(BAND), kind);
      const { faults } = seen.drain();
      // its addresses are those of the real site: the web server shows it at any depth
      if (kind !== 'not found') assert.deepEqual(faults, [], kind);
    }
    await close();
    for (const [path, bytes] of release.files) {
      for (const words of ['本地预览', '未发布', 'gongkai-serve', '/.gongkai', 'EventSource']) {
        // what an office wrote may say 未发布
        if (words === '未发布' && inner(bytes.toString()).includes(words)) continue;
        assert.ok(!bytes.includes(words), `${path} says ${words}`);
      }
    }
  });

  test('an address that is not there offers those that are near', async () => {
    const path = pages['document, attachments'];
    const { page, close } = await look('index.html');
    const answer = await page.goto(preview.url(path.replace(/\.html$/, 'x.html')));
    assert.equal(answer.status(), 404);
    await page.locator(`main a[href="/${encodeURI(path)}"]`).first().click();
    await page.waitForURL(preview.url(path));
    await close();
  });

  test('an old address tells where it will lead', async () => {
    const [path, html] = [...release.pages].find(([, html]) => isRedirect(html));
    const target = new URL(html.match(/url=([^"]+)"/)[1], preview.url(path)).href;
    const { page, close } = await look(path);
    assert.ok((await page.locator('main').innerText()).includes(path));
    await page.locator(`main a[href="${new URL(target).pathname}"]`).click();
    await page.waitForURL(target);
    await close();
  });

  test('the panel tells findings, why it is listed and what it is; it opens and closes by keys, and needs no script', async () => {
    const path = pages['document, full header table'];
    const warned = await edit(site.folder, source(path), (text) => text.replace(/^(index_no|索引号):.*$/m, '$1: tcxzf-/1999-0000001'));
    const { page, seen, close } = await look(path);
    // what was saved shows: nothing more will be loaded again
    await page.locator('main').getByText('tcxzf-/1999-0000001').first().waitFor();
    await page.waitForLoadState();
    seen.drain();
    const panel = page.locator('#gk-panel');
    assert.ok(!await panel.isVisible());
    await tabTo(page, ({ id }) => id === 'gk-open', 'the button of the panel');
    await page.keyboard.press('Enter');
    await panel.locator('dl').waitFor();
    const told = await panel.innerText();
    for (const words of ['本页的问题', 'G019', '全站', '列在哪里', '栏目', '目录', source(path), '公开日期', '发布机构']) {
      assert.ok(told.includes(words), `${words} in ${told}`);
    }
    assert.ok(await panel.locator(`a[href="/${dirname(path)}/index.html"]`).count() > 0, 'the channel that lists it');
    const result = await audit(page);
    assert.deepEqual(result.found.filter(isGrave), []);
    await page.locator('#gk-open').focus();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'gk-open');
    assert.deepEqual(seen.drain().faults, []);

    const bare = await look(path, { javaScriptEnabled: false });
    await bare.page.locator('#gk-open').click();
    await bare.page.locator('main dl').waitFor();
    assert.ok((await bare.page.locator('main').innerText()).includes('列在哪里'));
    await writeFile(join(site.folder, source(path)), warned);
    await page.locator('main').getByText('tcxzf-/1999-0000001').first().waitFor({ state: 'detached' });
    await Promise.all([close(), bare.close()]);
  });

  test('no grave finding of axe on pages with the band, on a desk and on a phone', async () => {
    const faults = [];
    for (const viewport of [DESKTOP, PHONE]) {
      const { page, close } = await look('index.html', { viewport });
      for (const path of ['index.html', pages['document, attachments'], pages.term, 'zwdt/no-such-page.html', pages.moved]) {
        await page.goto(preview.url(path));
        faults.push(...(await audit(page)).found.filter(isGrave).map((finding) => `${path}, ${viewport.width}: ${JSON.stringify(finding)}`));
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > viewport.width) faults.push(`${path}: ${width} px wide`);
      }
      await close();
    }
    assert.equal(faults.length, 0, lines(faults));
  });

  test('pages of the preview are valid HTML, its own and those with the band, with and without errors', async () => {
    const path = pages['document, plain'];
    const folder = join(site.folder, 'seen');
    await mkdir(folder);
    const names = [];
    const keep = async (...paths) => {
      for (const path of paths) {
        names.push(`${names.length}.html`);
        await writeFile(join(folder, names.at(-1)), await (await fetch(`${preview.address}/${path}`)).text());
      }
    };
    await keep('', encodeURI(path), 'zwdt/no-such-page.html', encodeURI(pages.moved), `.gongkai/panel?page=${encodeURIComponent(path)}`);
    const { page, close } = await look(path);
    const before = await edit(site.folder, source(path), (text) => text.replace('---\n', '---\n"<键>": 值\n'));
    await errors(page).first().waitFor();
    await keep(encodeURI(path), `.gongkai/panel?page=${encodeURIComponent(path)}`);
    await writeFile(join(site.folder, source(path)), before);
    await errors(page).first().waitFor({ state: 'detached' });
    await close();
    const faults = await check(folder, names);
    assert.equal(faults.length, 0, lines(faults));
  });

  test('pages of another server on this machine cannot read the preview', async () => {
    const stranger = await serveFiles();
    stranger.files.set('index.html', '<!doctype html><title>x</title>');
    const page = await browser.page({ bypassCSP: true });
    await page.goto(stranger.address);
    for (const what of ['index.html', '.gongkai/news?page=index.html', 'rss.xml', 'index.json']) {
      const read = await page.evaluate((url) => fetch(url).then(() => true, () => false), `${preview.address}/${what}`);
      assert.equal(read, false, what);
    }
    await page.context().close();
    await stranger.close();
  });

  test('a preview that was stopped and started again is found again by the pages that are open', async () => {
    const path = pages['document, attachments'];
    const { page, close } = await look(path);
    const port = new URL(preview.address).port;
    await preview.stop();
    await edit(site.folder, source(path), (text) => `${text}\n\n停下时改的。\n`);
    preview = await serve(site.folder, { port });
    assert.equal(new URL(preview.address).port, port);
    await page.getByText('停下时改的。').waitFor();
    await edit(site.folder, source(path), (text) => `${text}\n\n再启动后改的。\n`);
    await page.getByText('再启动后改的。').waitFor();
    await close();
  });
});
