import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { createRunner, type RunnerExit, type RunnerOptions } from '../src/index.ts';

/** The path of the stand-in for stap. */
export const STAP: string = fileURLToPath(new URL('far/stap', import.meta.url));
export const TRACE: string = fileURLToPath(new URL('far/trace.txt', import.meta.url));
export const SCRIPT = 'global hits\nprobe begin { exit() }\n';

/** Runs the stand-in to completion, and returns its output and how it exited. */
export async function run(options: RunnerOptions): Promise<{ trace: Buffer; exit: RunnerExit }> {
  const runner = createRunner({ stap: STAP, ...options });
  const trace = buffer(runner.stream);
  runner.stream.end(SCRIPT);
  return { trace: await trace, exit: await runner.exit };
}
