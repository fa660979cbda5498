import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch, target, type Laboratory } from './machine.ts';

const COMMAND = fileURLToPath(new URL('../../../packages/cli', import.meta.url));

/** Directories of a boot with the whole distribution. */
export interface WholeJob {
  /** Contains them all, and is to be removed afterwards. */
  readonly directory: string;
  readonly job: string;
  readonly results: string;
}

/** Makes a job with Node, stapflame's command, and a target program. Its `run.sh` is still to be written. */
export function wholeJob(laboratory: Laboratory, program: string): WholeJob {
  const directory = scratch(laboratory);
  const job = join(directory, 'job');
  mkdirSync(job);
  copyFileSync(process.execPath, join(job, 'node'));
  for (const part of ['package.json', 'bundle'])
    cpSync(join(COMMAND, part), join(job, 'stapflame', part), { recursive: true });
  copyFileSync(target(laboratory, program), join(job, program));
  return { directory, job, results: join(directory, 'results') };
}
