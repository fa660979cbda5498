export { Exit, type ExitCode } from './exit.ts';
export { run } from './run.ts';
