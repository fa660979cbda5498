import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { usualJobs } from '../src/parts/jobs.ts';

const MIB = 2 ** 20;
const LARGE = { cores: 64, memory: 2 ** 40 };

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

/** Creates a sparse file of this size, which uses no disk space, and returns its path. */
function file(name: string, size: number): string {
  const path = join(directory, name);
  writeFileSync(path, '');
  truncateSync(path, size);
  return path;
}

it('four threads read files that exceed 256 MiB in total, and one thread reads smaller files', () => {
  expect(usualJobs([file('small', 256 * MIB)], LARGE)).toBe(1);
  expect(usualJobs([file('large', 256 * MIB + 1)], LARGE)).toBe(4);
  expect(usualJobs([file('a', 200 * MIB), file('b', 57 * MIB)], LARGE)).toBe(4);
});

it('there are no more threads than cores, and no more than fit into memory at 96 MiB each', () => {
  const large = file('large', 300 * MIB);
  expect(usualJobs([large], { ...LARGE, cores: 3 })).toBe(3);
  expect(usualJobs([large], { ...LARGE, memory: 2.9 * 96 * MIB })).toBe(2);
  expect(usualJobs([large], { ...LARGE, memory: 50 * MIB })).toBe(1);
});

it('one thread reads the input if it includes a pipe or a missing file', () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const large = file('large', 300 * MIB);
  expect(usualJobs([large, pipe], LARGE)).toBe(1);
  expect(usualJobs([large, join(directory, 'gone')], LARGE)).toBe(1);
});
