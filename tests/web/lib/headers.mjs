// `_headers` as hosts of static pages read it: patterns with `*`, and below each what is sent with what they match.

/** The rules of such a file: [{ pattern, headers: [[name, value]] }]. */
export function parse(text) {
  const rules = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
    if (line.startsWith(' ')) {
      const at = line.indexOf(': ');
      rules.at(-1).headers.push([line.slice(0, at).trim().toLowerCase(), line.slice(at + 2)]);
    } else {
      rules.push({ pattern: line, headers: [] });
    }
  }
  return rules;
}

/** What is sent with an encoded path. Values of one name are joined, as such hosts do. */
export function headersFor(rules, path) {
  const sent = {};
  for (const { pattern, headers } of rules) {
    const expression = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
    if (!expression.test(path)) continue;
    for (const [name, value] of headers) sent[name] = sent[name] ? `${sent[name]}, ${value}` : value;
  }
  return sent;
}
