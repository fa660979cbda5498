import { statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { pathOf } from '../io/file-names.ts';

/** One thread folds a file of up to this many bytes in less than a second. */
const LARGE = 1 << 28;
const MOST = 4;
/** Memory that one thread needs for its parser and its tables. */
const THREAD_BYTES = 96 << 20;

/** The machine's limits, which determine the number of threads. */
export interface Machine {
  readonly cores: number;
  /** Memory in bytes that this process may use: its control group's limit, if there is one. */
  readonly memory: number;
}

/** Returns the default for `--jobs`, the number of threads. It is more than one only for large files. */
export function usualJobs(files: readonly string[], machine: Machine = thisMachine()): number {
  let size = 0;
  for (const file of files) {
    const stats = statSync(pathOf(file), { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return 1;
    size += stats.size;
  }
  if (size <= LARGE) return 1;
  return Math.max(1, Math.min(MOST, machine.cores, Math.floor(machine.memory / THREAD_BYTES)));
}

function thisMachine(): Machine {
  const limit = process.constrainedMemory?.() ?? 0;
  return {
    cores: availableParallelism(),
    memory: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
  };
}
