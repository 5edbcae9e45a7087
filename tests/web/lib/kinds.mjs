// One page of every kind, found in the built site by what it is and not by its name, so that content may change.

const count = (html, pattern) => html.match(pattern)?.length ?? 0;

/** The page for which `score` is highest; 0 is no page of this kind. */
function best(pages, score) {
  let found = [null, 0];
  for (const [path, html] of pages) {
    const points = Number(score(path, html));
    if (points > found[1]) found = [path, points];
  }
  return found[0];
}

const FILE = /href="[^"]+\.(pdf|docx?|xlsx?|pptx?|ofd|zip|rar|csv|txt)"/g;

export const isRedirect = (html) => html.includes('http-equiv="refresh"');

/** What is in <main>. */
export const inner = (html) => html.slice(html.indexOf('<main'), html.indexOf('</main>'));

export function kinds({ pages, documents }) {
  const all = [...pages].filter(([, html]) => !isRedirect(html));
  const known = new Set(documents);
  const docs = all.filter(([path]) => known.has(path)).map(([path, html]) => [path, inner(html)]);
  const others = all.filter(([path]) => !known.has(path) && !['404.html', 'index.html', 'sitemap.html'].includes(path));
  const isIn = (folder) => ([path]) => path.startsWith(folder) && path.endsWith('index.html');
  const isTown = ([path]) => path.includes('/place/') && !path.startsWith('catalogue/');
  const channels = others.filter((page) => !page[0].startsWith('catalogue/') && !isTown(page));
  const towns = others.filter(isTown);
  const catalogue = others.filter(isIn('catalogue/'));
  const depth = (path) => path.split('/').length;
  const crossed = (path) => path.split('/')[1].includes('-');
  return {
    'home': best(all, (path) => path === 'index.html'),
    'channel with blocks': best(channels, (path, html) => depth(path) === 2 && count(inner(html), /<h2/g)),
    'list channel, newest page': best(channels, (path, html) => path.endsWith('index.html') && count(html, /rel="next"/g)),
    'list channel, archive page': best(channels, (path, html) => /list_\d+\.html$/.test(path)
      && html.includes('rel="next"') + html.includes('rel="prev"')),
    'channel with nothing in it': best(channels, (path, html) => !inner(html).includes('<time')),
    'records, list': best(channels, (path, html) => path.endsWith('index.html') && count(html, /scope="rowgroup"/g)),
    'records, first of many pages': best(channels, (path, html) => path.endsWith('index.html') && count(html, /href="[^"]*records_\d+\.html/g)),
    'records, further page': best(channels, (path, html) => /\/records_\d+\.html$/.test(path) && count(html, /<tr/g)),
    'record': best(channels, (path, html) => path.includes('/record/') && count(html, /<dt/g)),
    'channel with a matrix': best(channels, (path, html) => count(inner(html), /class="lack"/g)),
    'channel with towns and villages': best(channels, (path, html) => count(inner(html), /class="town"/g)),
    'town': best(towns, (path, html) => count(inner(html), /<td/g)),
    'platform': best(channels, (path, html) => count(inner(html), /class="item"/g)),
    'document, plain': best(docs, (path, html) => 1 / html.length),
    'document, full header table': best(docs, (path, html) => count(html, /<dt/g)),
    'document, merged table': best(docs, (path, html) => count(html, /(row|col)span="/g)),
    'document, long table': best(docs, (path, html) => count(html, /<tr/g)),
    'document, wide table': best(docs, (path, html) => count(html, /<td/g) / (count(html, /<tr/g) + 1)),
    'document, images': best(docs, (path, html) => count(html, /<img/g)),
    'document, attachments': best(docs, (path, html) => count(html, FILE)),
    'document, no longer in force': best(docs, (path, html) => html.includes('role="note"') && html.includes('废止')),
    'document, not yet in force': best(docs, (path, html) => html.includes('role="note"') && html.includes('尚未生效')),
    'document, with its interpretation': best(docs, (path, html) => html.includes('相关解读')),
    'interpretation': best(docs, (path, html) => html.includes('解读的文件') || html.includes('解读文件')),
    'document, longest text': best(docs, (path, html) => html.length),
    'document, charts': best(docs, (path, html) => count(html, /<figure class="chart-figure"/g)),
    'document, counts': best(docs, (path, html) => count(html, /class="count(ed)?"/g)),
    'document, figures of its kind': best(docs, (path, html) => html.includes('facts own') && count(html, /<dt/g)),
    'annual report': best(docs, (path, html) => count(html, /headers="/g)),
    'form for requests': best(docs, (path, html) => count(html, /<input/g)),
    'issue of a series': best(docs, (path, html) => html.includes('catalogue/series/') && html.length),
    'document, every construct': best(docs, (path) => path.endsWith('/every-construct.html')),
    'catalogue': best(catalogue, (path) => path === 'catalogue/index.html'),
    'axis': best(catalogue, (path) => depth(path) === 3 && path.startsWith('catalogue/issuer/')),
    'axis, nested': best(catalogue, (path, html) => depth(path) === 3 && count(html, /<ul/g)),
    'term': best(catalogue, (path, html) => depth(path) === 4 && !crossed(path) && count(html, /<tr/g)),
    'term, archive page': best(others, (path, html) => /^catalogue\/[^-]*\/list_\d+\.html$/.test(path)
      && html.includes('rel="next"') + html.includes('rel="prev"')),
    'nested term': best(catalogue, (path) => !crossed(path) && depth(path) > 4 && depth(path)),
    'crossing': best(catalogue, (path, html) => depth(path) === 3 && crossed(path) && count(html, /<td/g)),
    'crossing, one cell': best(catalogue, (path, html) => depth(path) > 4 && crossed(path) && count(html, /<tr/g)),
    'series, all': best(catalogue, (path) => path === 'catalogue/series/index.html'),
    'series with a gap': best(catalogue, (path, html) => path.startsWith('catalogue/series/') && depth(path) === 4 && html.includes('缺')),
    'series with trends': best(catalogue, (path, html) => path.startsWith('catalogue/series/') && count(html, /<svg/g)),
    'site map': best(all, (path) => path === 'sitemap.html'),
    'not found': best(all, (path) => path === '404.html'),
    'moved': best(pages, (path, html) => isRedirect(html)),
  };
}
