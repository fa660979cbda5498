import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOT } from './pages.ts';

/** Sentences that once stood here and that no reader understood at first sight; their kind is not to come back. */
const RIDDLES = [
  'in a turn of the loop of its own',
  'the end of the input one that came too early',
  'tell of nothing that is to be mended',
  'left to right is no time',
  'does no longer fit',
  '10 000 libraries is none',
  'How many of so many lines may be added',
  'Nothing stands in the way',
  'where it is none',
];
const SELF = 'tools/test/docs/plain-english.test.ts';

it('no comment, message or page has a sentence that readers stumbled over', () => {
  const files = execFileSync('git', ['ls-files', '*.ts', '*.mjs', '*.md'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && file !== SELF && !file.includes('/fixtures/'));
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((file) => {
    // a sentence may go on in the next line of a comment
    const text = readFileSync(ROOT + file, 'utf8')
      .replaceAll(/\s+(?:\* |\/\/ )?/g, ' ')
      .toLowerCase();
    return RIDDLES.filter((riddle) => text.includes(riddle.toLowerCase())).map(
      (riddle) => `${file}: ${riddle}`,
    );
  });
  expect(found).toEqual([]);
});
