// A plain web server that sends what a good host sends, the production policy above all.
import { createServer } from 'node:http';
import { extname } from 'node:path';

export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
  + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.htm': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript',
  '.json': 'application/json', '.xml': 'application/xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp',
  '.txt': 'text/plain; charset=utf-8',
};

const headersOf = (type) => ({
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'content-type': type ?? 'application/octet-stream',
  ...(type ? {} : { 'content-disposition': 'attachment' }),
});

/**
 * Serves a map of files that may be filled later, since the site must know its address before it is built. So may
 * `headers`, a function from the type (or nothing) and the path to what is sent with it.
 */
export async function serveFiles() {
  const site = { files: new Map(), headers: headersOf };
  const server = createServer((request, response) => {
    let path = '';
    try { path = decodeURIComponent(new URL(request.url, 'http://site').pathname).slice(1); } catch { /* not a file of ours */ }
    if (path === '' || path.endsWith('/')) path += 'index.html';
    const found = site.files.has(path);
    const type = TYPES[extname(found ? path : '404.html')];
    response.writeHead(found ? 200 : 404, site.headers(type, path));
    response.end(site.files.get(found ? path : '404.html'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.address = `http://127.0.0.1:${server.address().port}`;
  site.close = () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); };
  return site;
}
