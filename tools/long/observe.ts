import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { measure, type Measurement, type Work } from '../bench/run/measure.ts';
import { watchMemory, type Reading } from './memory.ts';

/** A measured process, and the course of its memory. */
export interface Observation {
  readonly measurement: Measurement;
  readonly readings: readonly Reading[];
}

/**
 * Measures a process and watches it while it runs. `meanwhile` gets the process number of the command, not of the shell
 * and GNU time around it, since a shell writes down its own number and then becomes the command.
 */
export async function observe(
  work: Work,
  dir: string,
  output: string,
  meanwhile: (pid: number) => Promise<void>,
): Promise<Observation> {
  const file = join(dir, 'pid.txt');
  await rm(file, { force: true });
  const words = ['/bin/sh', '-c', 'echo $$ > "$0"; exec "$@"', file, ...work.words];
  const measured = measure({ ...work, words }, dir, output);
  const watched = pidIn(file).then((pid) => Promise.all([watchMemory(pid), meanwhile(pid)]));
  const [measurement, [readings]] = await Promise.all([measured, watched]);
  return { measurement, readings };
}

async function pidIn(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'latin1').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await pause(10);
  }
}
