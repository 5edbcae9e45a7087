// The built site behind a web server, with a browser: what each of the static tests begins with.
import { open } from './browser.mjs';
import { isRedirect, kinds } from './kinds.mjs';
import { serveFiles } from './server.mjs';
import { built } from './site.mjs';

export async function start() {
  const server = await serveFiles();
  const site = await built({ address: server.address }).catch(async (error) => {
    await server.close();
    throw error;
  });
  server.files = site.files;
  const browser = await open();
  return {
    ...site,
    address: server.address,
    browser,
    kinds: kinds(site),
    /** Every page of the site but those that only lead elsewhere. */
    all: [...site.pages].filter(([, html]) => !isRedirect(html)).map(([path]) => path),
    redirects: [...site.pages].filter(([, html]) => isRedirect(html)).map(([path]) => path),
    url: (path) => `${server.address}/${path.split('/').map(encodeURIComponent).join('/')}`,
    async close() {
      await browser.close();
      await server.close();
      await site.remove();
    },
  };
}
