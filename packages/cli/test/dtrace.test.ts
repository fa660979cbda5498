import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../dtrace-parser/test/fixtures/${name}/trace.txt`, import.meta.url));
const RECORD =
  '              unix`mutex_enter+0x10\n              unix`sys_syscall+0x17a\n                3\n\n';

describe('DTrace output', () => {
  it.each(['stack', 'jstack'])('is recognised (%s)', async (name) => {
    const { code, stdout } = await stapflame(['fold', fixture(name)]);
    const golden = readFileSync(fixture(name).replace('trace.txt', 'folded.txt'), 'utf8');
    const lines = (text: string): readonly string[] => text.trimEnd().split('\n').toSorted();
    expect({ code, lines: lines(stdout) }).toEqual({ code: 0, lines: lines(golden) });
  });

  it('that reports drops results in exit code 75 and a message that says how many', async () => {
    const { code, stderr } = await stapflame(['fold', fixture('keys')]);
    expect(code).toBe(75);
    expect(stderr).toContain('incomplete: 25 lost samples');
  });

  it('is accepted by parse and flame, and can be required with --input', async () => {
    const parsed = await stapflame(['parse', '-q'], RECORD);
    expect(JSON.parse(parsed.stdout)).toMatchObject({
      count: 3,
      frames: [{ symbol: 'mutex_enter', module: 'unix' }, {}],
    });
    expect((await stapflame(['flame', '-q'], RECORD)).stdout).toContain('unix`mutex_enter (3 samples');
    const { stdout } = await stapflame(
      ['fold', '-q', '--input', 'dtrace', '--label-offset'],
      ` a\n${RECORD}`,
    );
    expect(stdout).toBe('a;unix`sys_syscall+0x17a;unix`mutex_enter 3\n');
  });

  it('is rejected if it has no counts', async () => {
    const { code, stderr } = await stapflame(['fold'], '              unix`mutex_enter+0x10\n');
    expect({ code, stderr }).toEqual({ code: 65, stderr: expect.stringContaining('no counts') });
  });
});
