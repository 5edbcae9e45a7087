// No serious or critical finding of axe on any kind of page, on a desk and on a phone, in both palettes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, PHONE, audit, isGrave, lines } from './lib/browser.mjs';
import { start } from './lib/static.mjs';

const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

let site;
before(async () => { site = await start(); });
after(() => site.close());

/** Puts on the other palette, a class of <html>; gives the colours of the masthead. */
const wear = (page, palette) => page.evaluate((palette) => {
  if (palette) document.documentElement.className = document.documentElement.className.replace(/palette-\w+/, `palette-${palette}`);
  const { backgroundImage, backgroundColor } = getComputedStyle(document.querySelector('header') ?? document.body);
  return backgroundImage + backgroundColor;
}, palette);

test('the site has a page of every kind', () => {
  assert.deepEqual(Object.entries(site.kinds).filter(([, path]) => !path), []);
});

for (const [name, viewport] of [['desk', DESKTOP], ['phone', PHONE]]) {
  test(`every kind of page, ${name}`, async (t) => {
    const page = await site.browser.page({ viewport });
    const grave = [];
    let [measured, looks] = [0, 0];
    const look = async (where, rules) => {
      const result = await audit(page, rules);
      looks += 1;
      measured += result.measured;
      assert.ok(result.rules > 0, `${where}: axe passed nothing`);
      for (const finding of result.found) {
        if (isGrave(finding)) grave.push(`${where}: ${JSON.stringify(finding)}`);
        else t.diagnostic(`${where}: ${finding.impact} ${finding.id} ${finding.where}`);
      }
    };
    for (const [kind, path] of Object.entries(site.kinds)) {
      const where = `${kind} (${path})`;
      if (kind === 'moved') {
        // it would lead away at once: an answer without content keeps the browser where it is
        const target = site.pages.get(path).match(/url=([^"]+)"/)[1];
        await page.route(new URL(target, site.url(path)).href, (route) => route.fulfill({ status: 204 }));
      }
      await page.goto(site.url(path));
      await look(where);
      if (kind === 'home' && name === 'phone') {
        await page.locator('header summary').click();
        await look(`${where}, menu open`);
      }
      const red = await wear(page);
      const blue = await wear(page, 'blue');
      assert.ok(red !== blue || kind === 'moved', `${where}: there is no other palette`);
      await look(`${where}, blue`, RULES_OF_COLOUR);
    }
    t.diagnostic(`${looks} looks; ${measured} contrasts that axe left open were measured`);
    assert.equal(grave.length, 0, lines(grave));
  });
}
