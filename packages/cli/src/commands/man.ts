import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { manualPage } from '../help/manual.ts';
import { surfaceOf } from '../help/surface.ts';
import { withOutput } from '../io/with-output.ts';

export function addManCommand(program: Command): void {
  program
    .command('man')
    .description('print the manual page')
    .action(async () => {
      const page = manualPage(program.version() ?? '', program.description(), surfaceOf(program));
      await withOutput(undefined, (output) => pipeline([page], output.stream()));
    });
}
