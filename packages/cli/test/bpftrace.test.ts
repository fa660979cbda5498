import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { stapflame } from './stapflame.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../bpftrace-parser/test/fixtures/${name}/trace.txt`, import.meta.url));
const MAPS = '@bytes[burn]: 4096\n@[\n    vfs_read+187\n    ksys_read+111\n, burn]: 3\n';

describe('bpftrace output', () => {
  it.each(['both-comm', 'comm-first', 'perf-mode', 'json', 'json-keys'])(
    'is recognised (%s)',
    async (name) => {
      const { code, stdout } = await stapflame(['fold', fixture(name)]);
      const golden = readFileSync(fixture(name).replace('trace.txt', 'folded.txt'), 'utf8');
      const lines = (text: string): readonly string[] => text.trimEnd().split('\n').toSorted();
      expect({ code, lines: lines(stdout) }).toEqual({ code: 0, lines: lines(golden) });
    },
  );

  it('cannot be mixed with folded text, whichever comes first', async () => {
    const directory = temporaryDirectory();
    const [maps, text] = [join(directory, 'maps'), join(directory, 'text')];
    writeFileSync(maps, MAPS);
    writeFileSync(text, 'main;a 1\n');
    const said: readonly (readonly [string, string, string])[] = [
      [text, maps, `${text} is folded stacks, and ${maps} is bpftrace output`],
      [maps, text, `${maps} is bpftrace output, and ${text} is folded stacks`],
    ];
    for (const [one, other, expected] of said) {
      const { code, stdout, stderr } = await stapflame(['fold', one, other]);
      expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
      expect(stderr).toBe(`stapflame: ${expected}; fold each trace separately, then merge the results\n`);
    }
    expect((await stapflame(['fold', text, text])).stderr).toContain('it is folded stacks; use render');
  });

  it('is read from one map only, and the summary names the maps that are skipped', async () => {
    const first = await stapflame(['fold'], MAPS);
    expect(first.stdout).toBe('burn;ksys_read;vfs_read 3\n');
    expect(first.stderr).toContain('only the map @, leaving out @bytes (--bpftrace-map)');
    const other = await stapflame(['fold', '-q', '--bpftrace-map', '@bytes'], MAPS);
    expect(other.stdout).toBe('burn 4096\n');
    const missing = await stapflame(['fold', '--bpftrace-map', '@none'], MAPS);
    expect(missing.code).toBe(65);
    expect(missing.stderr).toContain('expected one of @bytes, @');
  });

  it('is accepted by parse and flame, and can be required with --input', async () => {
    const parsed = await stapflame(['parse', '-q'], MAPS);
    expect(JSON.parse(parsed.stdout)).toMatchObject({
      count: 3,
      frames: [{ symbol: 'vfs_read', offset: 187 }, {}, {}],
    });
    expect((await stapflame(['flame', '-q'], MAPS)).stdout).toContain('vfs_read (3 samples');
    const { code, stderr } = await stapflame(['fold', '--input', 'bpftrace'], 'a;b 5\n');
    expect({ code, stderr }).toEqual({ code: 65, stderr: expect.stringContaining('it is folded stacks') });
  });

  it('results in exit code 75 if it ends in the middle of a map', async () => {
    const { code, stderr } = await stapflame(['fold'], `${MAPS}${MAPS}`.slice(0, -4));
    expect({ code, stderr }).toEqual({
      code: 75,
      stderr: expect.stringContaining('incomplete: 1 truncated input'),
    });
  });
});
