export { RunnerError, type RunnerErrorCode } from './errors.ts';
export type { ExitReason, RunnerExit } from './exit.ts';
export { inspectFit, makeFit, type Fit, type Misfit } from './fit/fit.ts';
export { mergeTraces } from './hosts.ts';
export { inspect, type Inspection, type Site } from './inspect.ts';
export type { RunnerOptions } from './options.ts';
export { regularFiles } from './regular-files.ts';
export { createRunner, type StapRunner } from './runner.ts';
export { temporaryDirectory } from './temporary.ts';
