import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startReading } from '../../../testing/processes.ts';
import { CASES, MAIN, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

function file(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const FACTS = '# stapflame period=10101010 host=web1\n';
const A = `${FACTS}main 1\nmain;read 2\n`;
const B = '# stapflame period=10101010 host=web2\n# stapflame incomplete lost=3\nmain 10\nmain;write 5\n';
const SUM =
  '# stapflame period=10101010\n# stapflame incomplete lost=3\nmain 11\nmain;read 2\nmain;write 5\n';

describe('merge', () => {
  it('adds up counts and losses from files in any order, sorted or unsorted, compressed or not', async () => {
    const a = file('a', A);
    const b = file('b', B);
    const packed = file('b.gz', gzipSync(B));
    const turned = file('a.turned', `${FACTS}main;read 2\nmain 1\n`);
    for (const files of [
      [a, b],
      [b, a],
      [a, packed],
      [turned, b],
      [packed, turned],
    ]) {
      const { stdout, code, stderr } = await stapflame(['merge', ...files]);
      expect({ stdout, code }).toEqual({ stdout: SUM, code: 75 });
      expect(stderr).toContain('incomplete: 3 lost samples');
    }
  });
  it('writes the same text as one fold run over all traces, in one step or in several', async () => {
    const traces = CASES.filter(({ folded }) => !folded.includes('unit=')).map(({ trace }) => trace);
    const pieces = await Promise.all(
      traces.map(async (trace, i) => file(`${i}`, (await stapflame(['fold', '--plain', trace])).stdout)),
    );
    const all = await stapflame(['fold', '--plain', ...traces]);
    const groups = await Promise.all(
      [pieces.slice(0, 3), pieces.slice(3)].map(async (some, i) =>
        file(`group${i}`, (await stapflame(['merge', '--plain', ...some])).stdout),
      ),
    );
    expect((await stapflame(['merge', '--plain', ...pieces])).stdout).toBe(all.stdout);
    expect((await stapflame(['merge', '--plain', ...groups.toReversed()])).stdout).toBe(all.stdout);
  });
  it("adds to each stack a root frame that is the file's name, the host in the file, or a given name", async () => {
    const a = file('a', A);
    const b = file('b', B);
    const roots = async (...words: string[]): Promise<string[]> =>
      (await stapflame(['merge', '--plain', ...words])).stdout
        .split('\n')
        .map((line) => line.split(';')[0]!)
        .filter((root, i, all) => root !== '' && root !== all[i - 1]);
    expect(await roots('--source', 'file', b, a)).toEqual([a, b]);
    expect(await roots('--source', 'host', b, a)).toEqual(['web1', 'web2']);
    expect(await roots('--source', 'host', b, file('a.gz', gzipSync(A)))).toEqual(['web1', 'web2']);
    expect(await roots('--source', `new=${a}`, '--source', `old=${b}`)).toEqual(['new', 'old']);
    const packed = file('b.gz', gzipSync(B));
    expect(await roots('--source', `old=${packed}`, '--source', `new=${a}`)).toEqual(['new', 'old']);
  });
  it('rejects a file without a name if other files have names', async () => {
    const { code, stderr } = await stapflame(['merge', '--source', 'x=a', 'b']);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: 'stapflame: --source: b has no name; add --source NAME=FILE for it, or use --source file\n',
    });
  });
  it.each([
    ['sorted', ''],
    ['in any order', 'z 1\n'],
  ])('refuses to add up different units, and names both files (%s)', async (_, first) => {
    const a = file('a', `${first}main 1\n`);
    const b = file('b', '# stapflame unit=us\nmain 1\n');
    const { code, stdout, stderr } = await stapflame(['merge', a, b]);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr).toContain(`${a} counts samples, and ${b} counts us`);
  });
  it.each([
    ['sorted', ''],
    ['in any order', 'z 1\n'],
  ])(
    'reports which files are missing or truncated and, with --strict, writes nothing (%s)',
    async (_, first) => {
      const files = [
        join(directory, 'gone'),
        file('cut', `${first}main 1\nmain;re`),
        file('half', `${first}main 12`),
        file('empty', ''),
        file('whole', `${first}main 2\n`),
      ];
      const output = join(directory, 'out');
      const { code, stderr } = await stapflame(['merge', ...files, '-o', output]);
      expect(code).toBe(75);
      for (const [name, said] of [
        ['gone', 'is lost: there is no such file'],
        ['cut', 'ends within its last line'],
        ['half', 'ends within its last line'],
        ['empty', 'is lost: it is empty'],
      ])
        expect(stderr).toContain(`${join(directory, name!)} ${said}`);
      const merged = await stapflame(['merge', output, '-q']);
      expect(merged.stdout).toContain('# stapflame incomplete truncated=4\n');
      const strict = await stapflame(['merge', '--strict', ...files]);
      expect({ code: strict.code, stdout: strict.stdout }).toEqual({ code: 65, stdout: '' });
      expect(strict.stderr).toContain('with --strict, nothing is written');
    },
  );
  it.each([
    ['in order', (i: number) => i + 10_000],
    ['in any order', (i: number) => (i * 7919) % 3001],
  ])(
    'names a truncated compressed file, and keeps the stacks that can be read from it (%s)',
    async (_, numbered) => {
      const text = Array.from({ length: 3000 }, (__, i) => `main;f${numbered(i)} 1\n`).join('');
      const whole = gzipSync(text);
      const broken = file('broken.gz', whole.subarray(0, whole.length / 2));
      const { code, stdout, stderr } = await stapflame(['merge', file('a', A), broken]);
      expect(code).toBe(75);
      expect(stderr).toContain(`${broken} is truncated or damaged: unexpected end of file`);
      expect(stdout).toContain('# stapflame incomplete truncated=1\n');
      expect(stdout.split('\n').length).toBeGreaterThan(500);
      const strict = await stapflame(['merge', '--strict', file('a', A), broken]);
      expect({ code: strict.code, stdout: strict.stdout }).toEqual({ code: 65, stdout: '' });
    },
  );
  it('names a truncated compressed file even if no stack can be read from it', async () => {
    const broken = file('broken.gz', gzipSync(A).subarray(0, 10));
    const { code, stdout, stderr } = await stapflame(['merge', file('a', A), broken]);
    expect({ code, stdout }).toEqual({
      code: 75,
      stdout: FACTS + '# stapflame incomplete truncated=1\nmain 1\nmain;read 2\n',
    });
    expect(stderr).toContain(`${broken} is truncated or damaged`);
    expect((await stapflame(['merge', broken])).code).toBe(65);
  });
  it('rejects input that is not folded text, and names its format', async () => {
    const { code, stderr } = await stapflame(['merge', CASES[0]!.trace]);
    expect(code).toBe(65);
    expect(stderr).toContain('is a SystemTap trace; merge only reads folded stacks');
  });
  it('merges more files than the process may open at the same time', async () => {
    const files = Array.from({ length: 90 }, (_, i) => file(`f${i}`, `main;f${i % 7} 1\nmain;g${i} 2\n`));
    const words = ['-c', 'ulimit -n 70; exec "$0" "$@"', process.execPath, MAIN, 'merge', ...files];
    const { stdout, code } = await startReading('bash', words).end;
    expect(code).toBe(0);
    expect(stdout).toBe((await stapflame(['merge', ...files])).stdout);
    expect(stdout.trim().split('\n')).toHaveLength(97);
  });
  it(
    'writes the same text in one step or in two, in any order, and with root frames added in either step',
    { timeout: 60_000 },
    async () => {
      const name = fc.constantFrom('a', 'a.isra.0', 'a b', 'ab', 'é', 'main', 'x<int>');
      const lines = fc.dictionary(
        fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join(';')),
        fc.integer({ min: 1, max: 999 }),
        { minKeys: 1, maxKeys: 12 },
      );
      const shard = fc.record({ lines, isSorted: fc.boolean(), isPacked: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(
          fc.array(shard, { minLength: 2, maxLength: 6 }),
          fc.nat(5),
          fc.constantFrom([], ['--source', 'host']),
          async (shards, at, source) => {
            const paths: string[] = [];
            for (const [i, { lines: stacks, isSorted, isPacked }] of shards.entries()) {
              const text = Object.entries(stacks).map(([stack, count]) => `${stack} ${count}\n`);
              const unsorted = `# stapflame host=web${i % 3}\n${text.join('')}`;
              const ordered = isSorted ? (await stapflame(['merge', '-q'], unsorted)).stdout : unsorted;
              paths.push(file(`shard${i}`, isPacked ? gzipSync(ordered) : ordered));
            }
            const merge = async (...files: string[]): Promise<string> =>
              (await stapflame(['merge', '-q', ...source, ...files])).stdout;
            const whole = await merge(...paths);
            expect(await merge(...paths.toReversed())).toBe(whole);
            const groups = [paths.slice(0, at), paths.slice(at)].filter((group) => group.length > 0);
            const parts = await Promise.all(
              groups.map(async (group, i) => file(`part${i}`, gzipSync(await merge(...group)))),
            );
            expect((await stapflame(['merge', '--plain', '-q', ...parts])).stdout).toBe(
              whole.replaceAll(/^#.*\n/gm, ''),
            );
          },
        ),
        share(0.1),
      );
    },
  );
  it('adds up large counts exactly even in several passes, and reports rounded sums', async () => {
    const large = Array.from({ length: 90 }, (_, i) => file(`large${i}`, `main 99999999999999\n`));
    const words = ['-c', 'ulimit -n 70; exec "$0" "$@"', process.execPath, MAIN, 'merge', ...large];
    expect((await startReading('bash', words).end).stdout).toBe('main 8999999999999910\n');
    const { stdout, stderr } = await stapflame(['merge', ...large, ...large]);
    expect(stdout).toMatch(/^# stapflame inexact=yes\nmain 17999999999999\d{3}\n$/);
    expect(stderr).toContain('a sum is above 9007199254740991');
  });
  it('reads standard input, and describes the merged input in --summary', async () => {
    const summary = join(directory, 'summary.json');
    const { stdout, code } = await stapflame(['merge', '--summary', summary], A + A.replace(FACTS, ''));
    expect({ stdout, code }).toEqual({ stdout: `${FACTS}main 2\nmain;read 4\n`, code: 0 });
    const { default: told } = await import(summary, { with: { type: 'json' } });
    expect(told).toMatchObject({ complete: true, folded: { stacks: 4, distinct: 2, weights: [6] } });
  });
});
