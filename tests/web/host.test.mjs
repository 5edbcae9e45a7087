// The published site with exactly the headers that publishing writes for its host: no page breaks the policy, and all that
// scripts add works. Once by `_headers`, once by a real nginx with its rules.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DESKTOP, PATIENCE, lines, open, watch } from './lib/browser.mjs';
import { headersFor, parse } from './lib/headers.mjs';
import { isRedirect, kinds } from './lib/kinds.mjs';
import { serveFiles } from './lib/server.mjs';
import { day, gongkai, sources } from './lib/site.mjs';

const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));
const RULES = '\n[publish.web]\ntype = "folder"\npath = "RELEASES"\nhost = ["nginx", "pages"]\ncompress = ["gz", "br"]\n';

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** The site, published for an address: its files and a page of every kind. */
async function published(address) {
  const { folder, remove } = await sources();
  const releases = await mkdtemp(join(tmpdir(), 'gongkai-host-'));
  await appendFile(join(folder, 'site.toml'), RULES.replace('RELEASES', join(releases, 'web')));
  await gongkai('publish', 'web', '--root', folder, '--as-of', day, '--base-url', address);
  const list = await gongkai('list', '--root', folder, '--as-of', day, '--format', 'json');
  const current = join(releases, 'web', 'current');
  const files = new Map();
  for (const entry of await readdir(`${current}/`, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile()) files.set(path.slice(current.length + 1), await readFile(path));
  }
  const pages = new Map([...files].filter(([path]) => /\.html?$/.test(path)).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => [path, bytes.toString()]));
  const documents = JSON.parse(list.stdout).filter((document) => document.url).map(({ url }) => url.slice(1));
  return {
    current, files, pages, releases, kinds: kinds({ pages, documents }),
    close: async () => { await remove(); await rm(releases, { recursive: true, force: true, maxRetries: 5 }); },
  };
}

/** Breaches of the policy are told twice: by the console, and by the event of the page. */
async function watched(address) {
  const page = await browser.page({ viewport: DESKTOP });
  await page.addInitScript(() => {
    window.breaches = [];
    document.addEventListener('securitypolicyviolation', (event) => window.breaches.push(`${event.violatedDirective}: ${event.blockedURI}`));
  });
  return { page, seen: watch(page, address) };
}

async function everyKind(site, address) {
  const { page, seen } = await watched(address);
  const faults = [];
  for (const [kind, path] of Object.entries(site.kinds)) {
    await page.goto(`${address}/${path.split('/').map(encodeURIComponent).join('/')}`).catch((error) => {
      if (!isRedirect(site.pages.get(path))) throw error;
    });
    await page.waitForLoadState();
    faults.push(...seen.drain().faults.map((fault) => `${kind} (${path}): ${fault}`));
    const breaches = await page.evaluate(() => window.breaches).catch((error) => {
      // a page that leads on may do so this very moment
      if (kind !== 'moved') throw error;
      return [];
    });
    faults.push(...breaches.map((breach) => `${kind} (${path}): ${breach}`));
    if (kind === 'moved') continue;
    // the script has run where there is something for it, and the style is there
    const idle = await page.locator('.tools[data-size]:not(:has(button))').count();
    assert.equal(idle, 0, `${kind} (${path}): without its script`);
    assert.ok(await page.evaluate(() => [...document.styleSheets].some((sheet) => sheet.cssRules.length > 100)), `${path}: without its style`);
  }
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${address}/${site.kinds['document, charts']}`);
  await page.pdf({ format: 'A4' });
  faults.push(...seen.drain().faults.map((fault) => `printed: ${fault}`));
  assert.equal(faults.length, 0, lines(faults));
  await page.context().close();
}

async function scriptsWork(site, address) {
  const { page, seen } = await watched(address);
  await page.goto(`${address}/${site.kinds['records, list']}`);
  const rows = () => page.locator('.records tbody tr:visible').count();
  const all = await rows();
  await page.getByRole('searchbox').fill('处罚');
  assert.ok(await rows() < all, 'the filter does nothing');
  await page.goto(`${address}/${site.kinds['document, plain']}`);
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  const before = await size();
  await page.locator('.tools[data-size] button').first().click();
  assert.notEqual(await size(), before, 'letters stay as they are');
  assert.deepEqual(seen.drain().faults, []);
  assert.deepEqual(await page.evaluate(() => window.breaches), []);
  // and a breach would be told
  await page.evaluate(() => { document.body.insertAdjacentHTML('beforeend', '<p style="color: red">'); });
  await page.waitForFunction(() => window.breaches.length > 0, null, { timeout: PATIENCE });
  await page.context().close();
}

test('under the headers of _headers no page breaks the policy, and scripts work', async () => {
  const server = await serveFiles();
  const site = await published(server.address);
  try {
    const rules = parse(site.files.get('_headers').toString());
    server.files = site.files;
    server.headers = (type, path) => ({
      'content-type': type ?? 'application/octet-stream',
      ...headersFor(rules, `/${path.split('/').map(encodeURIComponent).join('/')}`),
    });
    // each file is of one rule at most
    for (const path of site.files.keys()) {
      const { 'cache-control': cache = '' } = server.headers('', path);
      assert.ok(cache.split('max-age').length <= 2, `${path}: ${cache}`);
    }
    await everyKind(site, server.address);
    await scriptsWork(site, server.address);
  } finally {
    await server.close();
    await site.close();
  }
});

const free = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

test('over nginx with its rules the same', { skip: NGINX ? false : 'nginx is not installed' }, async () => {
  const port = await free();
  const address = `http://127.0.0.1:${port}`;
  const site = await published(address);
  const folder = join(site.releases, 'nginx');
  await mkdir(folder);
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
  await writeFile(config, `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/log;\nevents {}\nhttp {\naccess_log off;\n${temporary}
    server {\nlisten 127.0.0.1:${port};\nroot ${site.current};\ninclude ${site.current}/.host/nginx.conf;\n}\n}\n`);
  const tested = spawnSync(NGINX, ['-t', '-c', config, '-e', `${folder}/log`]);
  assert.equal(tested.status, 0, String(tested.stderr));
  const nginx = spawn(NGINX, ['-c', config, '-e', `${folder}/log`], { stdio: 'ignore' });
  try {
    const answers = async () => { try { return (await fetch(address)).ok; } catch { return false; } };
    for (const began = Date.now(); !(await answers());) assert.ok(Date.now() - began < PATIENCE, 'nginx does not answer');
    const { headers } = await fetch(`${address}/index.html`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(headers.get('content-encoding'), 'gzip');
    assert.match(headers.get('content-security-policy'), /^default-src 'none'; script-src 'self';/);
    await everyKind(site, address);
    await scriptsWork(site, address);
  } finally {
    nginx.kill();
    await site.close();
  }
});
