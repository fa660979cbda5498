import { pipeline } from 'node:stream/promises';
import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../help/completions.ts';
import { surfaceOf } from '../help/surface.ts';
import { withOutput } from '../io/with-output.ts';

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a script that lets a shell complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (shell: Shell) => {
      const script = completionScript(shell, surfaceOf(program));
      await withOutput(undefined, (output) => pipeline([script], output.stream()));
    });
}
