import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = [...pagesIn('.'), ...pagesIn('docs')];

function pagesIn(directory: string): readonly string[] {
  return readdirSync(`${ROOT}${directory}`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${directory}/${name}`);
}

/** Each `stapflame script …` in the documentation, with the stap command that follows it. */
const PAIRS = PAGES.flatMap((page) => {
  const text = readFileSync(`${ROOT}${page}`, 'utf8');
  const pairs = text.matchAll(
    /stapflame script ((?:-[^>|;`\n]+)?)[>|;][^`]*?\bstap (-[^`\n]*?) (?:\S+\.stp|- \||-$)/gm,
  );
  return Array.from(pairs, ([, sampling, stap]) => ({ page, sampling: sampling!.trim(), stap: stap! }));
});

it('the documentation shows how to run a script', () => {
  expect(PAIRS.map(({ page }) => page)).toContain('./README.md');
  expect(PAIRS.length).toBeGreaterThanOrEqual(3);
});

it.each(PAIRS)(
  '$page shows the stap command that script --command-line prints for $sampling',
  async ({ sampling, stap }) => {
    const { stdout } = await stapflame(['script', '--command-line', ...sampling.split(' ')]);
    expect(`stap ${stap} -\n`).toBe(stdout);
  },
);

it('script prints on stderr the command that runs its output, unless -q is given', async () => {
  const words = ['script', '-p', '4242', '-t', '30', '-l', '100'];
  const line = (await stapflame([...words, '--command-line'])).stdout.trim().slice(0, -1);
  const script = await stapflame(words);
  expect(script.stderr).toBe(`stapflame: run the script with: sudo ${line}SCRIPT\n`);
  expect((await stapflame([...words, '-q'])).stderr).toBe('');
  const { script: text, stapArguments } = JSON.parse((await stapflame([...words, '--json'])).stdout) as {
    readonly script: string;
    readonly stapArguments: readonly string[];
  };
  expect(text).toBe(script.stdout);
  expect(stapArguments.join(' ')).toBe(line.slice('stap '.length).trim());
});
