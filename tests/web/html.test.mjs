// Every page is valid HTML, and says nothing that the production policy would have to refuse.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { lines } from './lib/browser.mjs';
import { built } from './lib/site.mjs';

const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

let site;
before(async () => { site = await built(); });
after(() => site.remove());

test('the Nu HTML checker finds no error and no warning in any page', async (t) => {
  // A page with a fault goes along: it shows that the checker did its work.
  await writeFile(join(site.output, 'faulty.html'), '<!doctype html><html lang="zh-CN"><title>x</title><p><div></p>');
  const names = [...site.pages.keys(), 'faulty.html'];
  await writeFile(join(site.output, 'names'), names.join('\n'));
  const { stderr } = await promisify(execFile)('java', ['-Xss8m', '-Dfile.encoding=UTF-8', '-jar', jar, '--format', 'json',
    '--exit-zero-always', ...names], { cwd: site.output, maxBuffer: 1 << 28 });
  const all = JSON.parse(stderr).messages
    .map(({ url = '', type, lastLine, message, extract }) => ({ page: decodeURI(url).split('/public/')[1], type, lastLine, message, extract }));
  assert.ok(all.some(({ page }) => page === 'faulty.html'), 'the checker finds the fault that is there on purpose');
  const faults = all.filter(({ page }) => page !== 'faulty.html');
  t.diagnostic(`${names.length - 1} pages`);
  assert.equal(faults.length, 0, lines(faults.slice(0, 40)));
});

test('no page has a script, a style or a handler of its own, and each says its language', () => {
  const faults = [];
  for (const [page, html] of site.pages) {
    const say = (what) => faults.push(`${page}: ${what}`);
    for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi)) {
      if (/\s(style|on[a-z]+)\s*=/i.test(tag.replace(/"[^"]*"/g, '""'))) say(tag);
      if (/^<style/i.test(tag) || (/^<script/i.test(tag) && !/\ssrc="/.test(tag))) say(tag);
      if (/(href|src|action)="\s*(javascript|data|vbscript):/i.test(tag) && !/^<link rel="icon" href="data:,">$/.test(tag)) say(tag);
    }
    if (!/^<!doctype html>\n<html lang="zh-CN"/.test(html)) say('does not begin with its type and its language');
  }
  assert.equal(faults.length, 0, lines(faults.slice(0, 40)));
});
