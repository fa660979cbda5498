import { statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { pathOf } from '../io/file-names.ts';

/** Smaller files are folded in less than a second. */
const LARGE = 1 << 28;
const MOST = 4;
/** Memory of one thread with its parser and its tables. */
const THREAD_BYTES = 96 << 20;

/** What the number of threads depends on. */
export interface Machine {
  readonly cores: number;
  /** Bytes that this process may use: the limit of its control group, if there is one. */
  readonly memory: number;
}

/** How many threads fold files without `--jobs`: more than one only for large files. */
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
