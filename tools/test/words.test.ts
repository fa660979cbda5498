import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SELF = 'tools/test/words.test.ts';

/** Sentences that were once in this repository, and that nobody understood at first reading. */
const SENTENCES = [
  'left to right is no time',
  'does no longer fit',
  'a process with 10 000 libraries is none',
  'in a turn of the loop of its own',
  'signals are heard while much is written',
  'What makes the end of the input one that came too early',
  '`undefined` where it is none.',
  'These messages tell of nothing that is to be mended',
  'How many of so many lines may be added',
  'fewer damage the record',
  'Nothing stands in the way',
];

/** The repository's text files, each on one line in lower case, without comment marks. */
const texts = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => /\.(?:ts|mjs|md|json|html|css|sh|yml|yaml)$|\.ci\//.test(file) && file !== SELF)
  .filter((file) => !file.includes('/fixtures/') && file !== 'package-lock.json')
  .map((file) => ({ file, text: plain(readFileSync(`${ROOT}${file}`, 'utf8')) }));

function plain(text: string): string {
  return text
    .replaceAll(/^\s*(?:\*|\/\/|#|>)\s?/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();
}

it('searches the files of the repository', () => {
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.map(({ file }) => file)).toContain('README.md');
});

it.each(SENTENCES)('no file says "%s"', (sentence) => {
  const found = texts.filter(({ text }) => text.includes(plain(sentence))).map(({ file }) => file);
  expect(found).toEqual([]);
});
