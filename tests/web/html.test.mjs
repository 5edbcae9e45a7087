// Every page is valid HTML, and says nothing that the production policy would have to refuse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lines } from './lib/browser.mjs';
import { check } from './lib/checker.mjs';
import { built } from './lib/site.mjs';

let site;
before(async () => { site = await built(); });
after(() => site.remove());

test('the Nu HTML checker finds no error and no warning in any page', async (t) => {
  const names = [...site.pages.keys()];
  const faults = await check(site.output, names);
  t.diagnostic(`${names.length} pages`);
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
