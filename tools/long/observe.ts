import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { measure, type Measurement, type Work } from '../bench/run/measure.ts';
import { watchMemory, type Reading } from './memory.ts';

/** A measured process, and how its memory developed. */
export interface Observation {
  readonly measurement: Measurement;
  readonly readings: readonly Reading[];
}

/**
 * Measures a process and watches it while it runs. `meanwhile` receives the command's own process ID, not that of the
 * shell or GNU time around it: a shell writes its process ID to a file and then replaces itself with the command.
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
