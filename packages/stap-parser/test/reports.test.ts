import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ParserOptions } from '../src/index.ts';
import { read, type Read } from './read.ts';

/** Traces reconstructed from public posts, each with its expected folded text if the trace can be folded unchanged. */
const REPORTS = new URL('fixtures/reports/', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, REPORTS), 'utf8');
const reportOf = (name: string, options: ParserOptions = {}): Read => read(textOf(`${name}.txt`), options);

/** Merges and sorts the stacks as the folder does. */
function folded({ stacks }: Read): readonly string[] {
  const sums = new Map<string, number>();
  for (const stack of stacks) {
    const [, frames, count] = /^(.*) (\d+)$/.exec(stack)!;
    sums.set(frames!, (sums.get(frames!) ?? 0) + Number(count));
  }
  return Array.from(sums, ([frames, sum]) => `${frames} ${sum}`).sort();
}

/** Returns the lines of the expected folded text. */
function expected(name: string): readonly string[] {
  const lines = textOf(`${name}.expected`).split('\n');
  return lines.filter((line) => / \d+$/.test(line)).sort();
}

describe('a public report', () => {
  it.each<readonly [name: string, options: ParserOptions]>([
    ['02-openafs-module-no-offset', {}],
    ['03-arm64-dashes', { separator: /^-+$/ }],
    ['04b-count-with-spaces', {}],
    ['07-mysql56-elided-path', {}],
    ['11-xfs-tab-indent', {}],
    ['18-i386-s390-kernel', { label: { kernel: true } }],
    ['80-fileline-module-only', {}],
  ])('%s is read correctly', (name, options) => {
    for (const scanner of ['reference', 'wasm'] as const)
      expect(folded(reportOf(name, { ...options, scanner }))).toEqual(expected(name));
  });

  it('02-openafs-module-no-offset shows an address in each module frame if requested', () => {
    const { stacks } = reportOf('02-openafs-module-no-offset', { label: { address: true } });
    expect(stacks[0]).toContain('[libafs] 0xffffffffa060015d;dput');
    expect(stacks[1]).toContain('[libafs] 0xffffffffa0600199;dput');
  });

  it('01-toolkit36-addr-addr is split into records at its separators, which contain the counts', () => {
    const whole = reportOf('01-toolkit36-addr-addr');
    expect(whole.stacks).toEqual([]);
    expect(whole.summary.hints).toEqual([
      {
        kind: 'separator',
        line: { offset: expect.any(Number), text: '349 pools leaked at backtrace:' },
        pattern: '^(\\d+) pools leaked at backtrace:$',
      },
    ]);
    const { stacks, summary } = reportOf('01-toolkit36-addr-addr', {
      separator: new RegExp((whole.summary.hints[0] as { pattern: string }).pattern),
    });
    expect(stacks.map((stack) => stack.replaceAll('[unknown];', '').replace('[unknown]', ''))).toEqual([
      ' 349',
      ' 2',
      ' 1',
    ]);
    expect(summary).toMatchObject({ records: 3, truncated: 0, unknownLines: 0, complete: true });
  });

  it('03-arm64-dashes produces a hint about its separator', () => {
    expect(reportOf('03-arm64-dashes').summary.hints).toMatchObject([{ kind: 'separator', pattern: '^-+$' }]);
  });

  it('19-qemu-user-kernel has unrecognised lines, which become frames and are counted', () => {
    const { summary } = reportOf('19-qemu-user-kernel');
    expect(summary).toMatchObject({ records: 1, unknownLines: 5 });
    expect(summary.unknown[0]?.text).toMatch(/^=+ENTRY=+$/);
    expect(summary.hints).toMatchObject([{ kind: 'separator', pattern: '^=+ENTRY=+$' }]);
  });

  it('76-stapxx39 contains messages but no samples', () => {
    const { stacks, summary } = reportOf('76-stapxx39');
    expect(stacks).toEqual([]);
    expect(summary).toMatchObject({ diagnosticCount: 4, truncated: 0, unknownLines: 0 });
  });
});
