import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** The examples that have a trace; the other examples are programs. */
const names = readdirSync(EXAMPLES).filter((name) => existsSync(`${EXAMPLES}${name}/trace.txt`));

it.each(names)(
  'the folded text and the picture of the example %s are up to date (to update: node tools/gallery/make.mjs)',
  async (name) => {
    const written = (file: string): string => readFileSync(`${EXAMPLES}${name}/${file}`, 'utf8');
    const run = async (command: 'fold' | 'flame'): Promise<string> =>
      (await stapflame([command, '-q', `${EXAMPLES}${name}/trace.txt`])).stdout;
    expect(await run('fold')).toBe(written('folded.txt'));
    expect((await run('flame')) === written('flame.svg')).toBe(true);
  },
);
