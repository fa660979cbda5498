import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFolded } from '../../bench/run/check.ts';
import { findPeers } from '../../bench/run/contenders.ts';
import type { Measurement } from '../../bench/run/measure.ts';
import { median, rowSection, type Result } from '../../bench/run/report.ts';
import { ROWS } from '../../bench/run/rows.ts';
import { formatSize, parseSize } from '../../bench/sizes.ts';

const dir = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('the check of a folded file', () => {
  it('adds up counts and skips comments, over any number of chunks', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `main;step 2;leaf_${at} ${at}`);
    const text = [...lines, '#> 1 2;main 5', '# stapflame incomplete cut=1', ''].join('\n');
    const file = join(dir, 'folded.txt');
    writeFileSync(file, text);
    expect(await readFolded(file)).toEqual({
      bytes: text.length,
      lines: 200_001,
      weight: (200_000 * 199_999) / 2 + 5,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
  });
});

function run(cpu: number, mebibytes: number): Measurement {
  return { cpu, wall: cpu, rss: mebibytes * 2 ** 20, exitCode: 0 };
}

describe('the table of a row', () => {
  const low = ROWS.find((row) => row.name === 'low')!;
  const results: Result[] = [
    { name: 'ours', runs: [run(2, 90), run(9, 70), run(1, 80)], faults: [] },
    { name: 'newline count', runs: [run(1, 80)], faults: [] },
    { name: 'Perl', runs: [run(40, 2000)], faults: ['counts add up to 3, not 4'] },
  ];
  const section = rowSection(low, { size: 1, big: 1 }, results);

  it('shows medians, the ratio to the first line, and faults', () => {
    expect(section).toContain('| ours | 2.00 (1.00–9.00) | 2.00 | 80 | 1.00 | right |');
    expect(section).toContain(
      '| Perl | 40.00 (40.00–40.00) | 40.00 | 2000 | 20.00 | counts add up to 3, not 4 |',
    );
  });

  it('says which targets are reached and which are missed', () => {
    expect(section).toContain('- **missed**: ours: 2.00 CPU s (1/20.0 of Perl), at most 1.60');
    expect(section).toContain('- reached: ours: 2.00 CPU s (2.00× of newline count), at most 2.50');
    expect(section).toContain('- reached: ours: 80.00 peak MiB, at most 96.00');
  });

  it('compares wall time if a row requests it', () => {
    const perf = ROWS.find((row) => row.name === 'perf-low')!;
    const [fast, slow] = [
      { ...run(3, 80), wall: 1.5 },
      { ...run(2, 80), wall: 2 },
    ];
    const threads = [
      { name: 'ours, 2 threads', runs: [fast], faults: [] },
      { name: 'inferno, 2 threads', runs: [slow], faults: [] },
    ];
    expect(rowSection(perf, { size: 1, big: 1 }, threads)).toContain(
      '- reached: ours, 2 threads: 1.50 wall s (1/1.3 of inferno, 2 threads), at most 2.00',
    );
  });

  it('says nothing about processes that did not run', () => {
    expect(rowSection(low, { size: 1, big: 1 }, results.slice(1))).not.toContain('ours');
  });
});

it('the median of an even number of values is between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('a peer that is not installed is named and left out', () => {
  const { peers, missing } = findPeers({ peer: ['nobody=no-such-program --fast'] });
  expect(peers.map(({ name }) => name)).not.toContain('nobody');
  expect(missing).toContain('nobody: no-such-program was not found');
});

it('sizes are read back as they were written', () => {
  expect(parseSize('64MiB')).toBe(64 * 2 ** 20);
  expect(formatSize(parseSize('10GiB'))).toBe('10 GiB');
  expect(() => parseSize('1GB')).toThrow('1GB');
});
