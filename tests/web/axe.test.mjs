// No serious or critical finding of axe on any kind of page, on a desk and on a phone, in both palettes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, audit, isGrave, lines } from './lib/browser.mjs';
import { start } from './lib/static.mjs';

const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

for (const [palette, rules] of [['red', undefined], ['blue', RULES_OF_COLOUR]]) {
  describe(`palette ${palette}`, () => {
    let site;
    before(async () => { site = await start({ palette }); });
    after(() => site.close());

    test('the site has a page of every kind', () => {
      assert.deepEqual(Object.entries(site.kinds).filter(([, path]) => !path), []);
    });

    for (const [name, viewport] of [['desk', DESKTOP], ['phone', PHONE]]) {
      test(`every kind of page, ${name}`, async (t) => {
        const page = await site.browser.page({ viewport });
        const grave = [];
        let [measured, looks] = [0, 0];
        for (const [kind, path] of Object.entries(site.kinds)) {
          const where = `${kind} (${path})`;
          if (kind === 'moved') {
            // it would lead away at once: an answer without content keeps the browser where it is
            const target = site.pages.get(path).match(/url=([^"]+)"/)[1];
            await page.route(new URL(target, site.url(path)).href, (route) => route.fulfill({ status: 204 }));
          }
          const states = kind === 'home' && name === 'phone' ? ['as it comes', 'menu open'] : ['as it comes'];
          await page.goto(site.url(path));
          for (const state of states) {
            if (state === 'menu open') await page.locator('header summary').click();
            const result = await audit(page, rules);
            looks += 1;
            measured += result.measured;
            assert.ok(result.rules > 0, `${where}: axe passed nothing`);
            for (const finding of result.found) {
              if (isGrave(finding)) grave.push(`${where}, ${state}: ${JSON.stringify(finding)}`);
              else t.diagnostic(`${where}, ${state}: ${finding.impact} ${finding.id} ${finding.where}`);
            }
          }
        }
        t.diagnostic(`${looks} looks; ${measured} contrasts that axe left open were measured`);
        assert.equal(grave.length, 0, lines(grave));
      });
    }
  });
}
