import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { withOutput } from '../io/with-output.ts';

export function addVersionCommand(program: Command): void {
  program
    .command('version')
    .description('print the version')
    .action(() => withOutput(undefined, (output) => pipeline([`${program.version()}\n`], output.stream())));
}
