// The repository's own site: its sources copied to a temporary folder, built there, read back.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const binary = resolve(process.env.INIT_CWD ?? '', process.env.GONGKAI ?? join(root, 'target/debug/gongkai'));

/** "Today" of every site here: a day on which the content has documents of every validity. */
export const day = '2026-07-01';

if (!existsSync(binary)) {
  throw new Error(`${binary} is missing: cargo build, or name a binary in GONGKAI`);
}

/** Calls a function with each value, at most so many at a time, and gives the results in order. */
export async function each(values, width, work) {
  const results = [];
  const queue = values.entries();
  await Promise.all(Array.from({ length: width }, async (_, lane) => {
    for (const [at, value] of queue) results[at] = await work(value, lane);
  }));
  return results;
}

export function gongkai(...args) {
  return promisify(execFile)(binary, args, { maxBuffer: 1 << 26 });
}

/** A copy of what the site is made from, in a folder of its own, and what `extra/` adds to it. `remove` takes it away again. */
export async function sources() {
  const folder = await mkdtemp(join(tmpdir(), 'gongkai-web-'));
  for (const name of ['site.toml', 'content', 'static', 'templates']) {
    if (existsSync(join(root, name))) await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await cp(fileURLToPath(new URL('../extra', import.meta.url)), join(folder, 'content'), { recursive: true });
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Changes the text of a file of a site; a change that changes nothing is a fault of the test. */
export async function edit(folder, name, change) {
  const path = join(folder, name);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${name}: the edit changes nothing`);
  await writeFile(path, after);
  return before;
}

/** Builds a copy of the site for an address; gives its files by path, and the documents as `list` knows them. */
export async function built({ address } = {}) {
  const { folder, remove } = await sources();
  await gongkai('build', '--root', folder, '--as-of', day, ...(address ? ['--base-url', address] : []));
  const list = await gongkai('list', '--root', folder, '--as-of', day, '--format', 'json');
  const output = join(folder, 'public');
  const files = new Map();
  for (const entry of await readdir(output, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    files.set(path.slice(output.length + 1), await readFile(path));
  }
  const pages = new Map([...files].filter(([path]) => /\.html?$/.test(path)).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => [path, bytes.toString()]));
  const documents = JSON.parse(list.stdout).filter((document) => document.url).map(({ url }) => url.slice(1));
  return { folder, output, files, pages, documents, remove };
}
