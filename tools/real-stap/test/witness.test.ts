import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepare, target } from '../laboratory/machine.ts';

it('perf on this machine shows the proportion that runs in the emulated machine must show', () => {
  const program = target(prepare(), 'shares');
  const directory = mkdtempSync(join(tmpdir(), 'stapflame-perf-'));
  try {
    const data = join(directory, 'perf.data');
    const record = [
      'record',
      '-q',
      '-e',
      'cpu-clock',
      '-F',
      '499',
      '-o',
      data,
      '--',
      'timeout',
      '3',
      program,
    ];
    // exit code 124 means that timeout ended the program
    execFileSync('sh', ['-c', 'perf "$@" || [ $? = 124 ]', 'perf', ...record]);
    const report = ['report', '-i', data, '--comm', 'hasher', '--stdio', '-F', 'sample,sym'];
    const text = execFileSync('perf', report, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const samples = (name: string): number =>
      Number(new RegExp(`^ *(\\d+) .*\\b${name}\\b`, 'm').exec(text)?.[1]);
    const [heavy, light] = [samples('heavy_part'), samples('light_part')];
    expect(heavy + light).toBeGreaterThan(100);
    // four standard deviations of a binomial share
    expect(Math.abs(heavy / (heavy + light) - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / (heavy + light)));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
