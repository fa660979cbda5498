import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A process's resident memory at one time. */
export interface Reading {
  /** Seconds since the first reading. */
  readonly at: number;
  readonly bytes: number;
}

/** Asks the kernel for a process's resident memory five times a second, until the process ends. */
export async function watchMemory(pid: number): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const began = performance.now();
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
    const resident = /^VmRSS:\s*(\d+) kB/m.exec(status);
    if (!resident) return readings;
    readings.push({ at: (performance.now() - began) / 1000, bytes: Number(resident[1]) * 1024 });
    await pause(200);
  }
}

/** The maximum memory in the five seconds before 20 s, and in the last five seconds. */
export interface Course {
  readonly early: number;
  readonly late: number;
}

const EARLY = 20;
const WINDOW = 5;
const MOST_GROWTH = 8 * 2 ** 20;

/** Returns `undefined` if the process did not run long enough. */
export function courseOf(readings: readonly Reading[]): Course | undefined {
  const end = readings.at(-1)?.at ?? 0;
  if (end < EARLY + WINDOW) return undefined;
  const most = (from: number, to: number): number =>
    readings.reduce((sum, { at, bytes }) => (at >= from && at <= to ? Math.max(sum, bytes) : sum), 0);
  return { early: most(EARLY - WINDOW, EARLY), late: most(end - WINDOW, end) };
}

/** Returns what was wrong with the memory use. */
export function courseFaults(course: Course | undefined): string[] {
  if (!course) return [`ended within ${EARLY + WINDOW} s`];
  const growth = course.late - course.early;
  return growth > MOST_GROWTH ? [`memory grew by ${(growth / 2 ** 20).toFixed(1)} MiB after ${EARLY} s`] : [];
}
