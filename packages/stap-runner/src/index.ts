export { canSpawn } from './can-spawn.ts';
export { RunnerError, type RunnerErrorCode } from './errors.ts';
export type { ExitReason, RunnerExit } from './exit.ts';
export { mergeTraces } from './hosts.ts';
export { inspect, type Inspection, type Site } from './inspect.ts';
export type { RunnerOptions } from './options.ts';
export { regularFiles } from './regular-files.ts';
export { createRunner, type StapRunner } from './runner.ts';
export { removeUnfinished, temporaryDirectory, unfinishedName } from './temporary.ts';
