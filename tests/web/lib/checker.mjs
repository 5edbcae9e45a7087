// The Nu HTML checker over many files in one run.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const FAULTY = 'faulty.html';

/** What it finds, errors and warnings, in files of a folder: [{page, type, lastLine, message, extract}]. */
export async function check(folder, names) {
  // A page with a fault goes along: it shows that the checker did its work.
  await writeFile(join(folder, FAULTY), '<!doctype html><html lang="zh-CN"><title>x</title><p><div></p>');
  const { stderr } = await promisify(execFile)('java', ['-Xss8m', '-Dfile.encoding=UTF-8', '-jar', jar, '--format', 'json',
    '--exit-zero-always', ...names, FAULTY], { cwd: folder, maxBuffer: 1 << 28 });
  const { messages } = JSON.parse(stderr.slice(stderr.indexOf('{')));
  const all = messages.map(({ url = '', type, lastLine, message, extract }) => {
    const path = decodeURI(url);
    return { page: [...names, FAULTY].find((name) => path.endsWith(`/${name}`)) ?? path, type, lastLine, message, extract };
  });
  if (!all.some(({ page }) => page === FAULTY)) throw new Error(`the checker does not find the fault that is there on purpose: ${stderr}`);
  return all.filter(({ page }) => page !== FAULTY);
}
