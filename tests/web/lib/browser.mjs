// Debian's Chromium, driven by playwright-core, and what is noticed about a page while it is looked at.
import { chromium } from 'playwright-core';
import axe from 'axe-core';

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const NARROW = { width: 320, height: 640 };

/** How long anything may take on a machine that does other things as well. */
export const PATIENCE = 60_000;

export async function open() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: PATIENCE });
  return {
    close: () => browser.close(),
    /** A page in a window of its own. Options are playwright's: viewport, javaScriptEnabled … */
    async page(options = {}) {
      const context = await browser.newContext({ viewport: DESKTOP, ...options });
      context.setDefaultTimeout(PATIENCE);
      return context.newPage();
    },
  };
}

/**
 * Whatever goes wrong from now on: errors in the console and in scripts, breaches of the policy, requests to somebody else,
 * answers that are errors. `requests` counts. `drain` gives what there is and begins anew.
 */
export function watch(page, origin) {
  const state = { faults: [], requests: 0 };
  const tell = (fault) => state.faults.push(fault);
  page.on('console', (message) => message.type() === 'error' && tell(`console: ${message.text()}`));
  page.on('pageerror', (error) => tell(`script: ${error.message}`));
  page.on('request', (request) => {
    state.requests += 1;
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) tell(`a request to somebody else: ${url}`);
  });
  page.on('response', (response) => response.status() >= 400 && tell(`${response.status()}: ${response.url()}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== 'net::ERR_ABORTED') tell(`${reason}: ${request.url()}`);
  });
  return {
    drain() {
      const { faults, requests } = state;
      state.faults = [];
      state.requests = 0;
      return { faults, requests };
    },
  };
}

/**
 * axe's findings on the page as it stands: [{id, impact, where, help}]. Contrast that axe leaves open (gradients, single
 * characters, things that lie over others) is worked out here: the text's colour against every colour of the nearest
 * background.
 */
export async function audit(page, rules) {
  await page.evaluate(axe.source);
  return page.evaluate(async ({ only }) => {
    const result = await window.axe.run(document, {
      resultTypes: ['violations', 'incomplete'],
      rules: { 'target-size': { enabled: true } },
      ...(only ? { runOnly: { type: 'rule', values: only } } : {}),
    });
    const flat = (rule) => rule.nodes.map((node) => ({
      id: rule.id, impact: node.impact ?? rule.impact, where: node.target.join(' '), help: node.failureSummary?.replace(/\s+/g, ' '),
    }));
    const found = result.violations.flatMap(flat);
    const open = result.incomplete.flatMap(flat);

    const colours = (text) => [...text.matchAll(/rgba?\(([^)]+)\)/g)].map(([, inside]) => inside.split(/[,\s/]+/).map(Number));
    const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    /** The colours of the nearest opaque thing that lies under an element, as it is seen. */
    function behind(element) {
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const box = element.getClientRects()[0];
      const seen = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const stack = seen.includes(element) ? seen.slice(seen.indexOf(element)) : [];
      for (let at = element; stack.length === 0 && at; at = at.parentElement) stack.push(at);
      for (const at of stack) {
        const style = getComputedStyle(at);
        const all = [...colours(style.backgroundImage), ...colours(style.backgroundColor).filter(([, , , alpha = 1]) => alpha === 1)];
        if (all.length > 0) return all;
      }
      return [[255, 255, 255]];
    }
    let measured = 0;
    for (const { id, where } of open.filter((one) => one.id === 'color-contrast')) {
      const element = document.querySelector(where);
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      const worst = Math.min(...behind(element).map((ground) => ratio(colours(style.color)[0], ground)));
      measured += 1;
      if (worst < needed) found.push({ id, impact: 'serious', where, help: `${worst.toFixed(2)} : 1, and ${needed} is needed` });
    }
    return { found, measured, rules: result.passes.length };
  }, { only: rules });
}

export const isGrave = ({ impact }) => impact === 'serious' || impact === 'critical';

export const lines = (faults) => faults.map((fault) => `\n  ${typeof fault === 'string' ? fault : JSON.stringify(fault)}`).join('');
