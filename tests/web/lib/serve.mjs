// `gongkai serve` on a copy of the site.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { PATIENCE } from './browser.mjs';
import { binary, day, gongkai, sources } from './site.mjs';

/** Starts a preview of a folder: its address, and `stop`. */
export async function serve(folder, { port = 0 } = {}) {
  const child = spawn(binary, ['serve', '--root', folder, '--port', String(port), '--as-of', day], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const late = globalThis.setTimeout(() => reject(new Error(`serve names no address: ${said}`)), PATIENCE);
    const look = (line) => {
      said += `${line}\n`;
      const found = line.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) { clearTimeout(late); resolve(found[0]); }
    };
    createInterface({ input: child.stdout }).on('line', look);
    createInterface({ input: child.stderr }).on('line', (line) => { said += `${line}\n`; });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  // the address is told before the first site is there; until then there is a page that says so
  while ((await fetch(`${address}/`)).status === 503) await setTimeout(50);
  return {
    address,
    said: () => said,
    url: (path) => `${address}/${path.split('/').map(encodeURIComponent).join('/')}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A copy of the site, and its documents by address. */
export async function desk() {
  const { folder, remove } = await sources();
  const list = await gongkai('list', '--root', folder, '--as-of', day, '--format', 'json');
  const documents = new Map(JSON.parse(list.stdout).filter(({ url }) => url).map((document) => [document.url.slice(1), document]));
  return { folder, remove, documents };
}
