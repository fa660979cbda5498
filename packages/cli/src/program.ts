import { Command } from 'commander';
import type { Report } from './commands/context.ts';
import { addFlameCommand } from './commands/flame.ts';
import { addFoldCommand } from './commands/fold.ts';
import { addParseCommand } from './commands/parse.ts';
import { addRenderCommand } from './commands/render.ts';
import { addScriptCommand } from './commands/script.ts';

/** The command line, without anything of the process it runs in. */
export function createProgram(version: string, report: Report): Command {
  const program = new Command('stapflame')
    .description('From sampling a process with SystemTap to a flame graph')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText(
      'after',
      `
Examples:
  stapflame script -p 4242 -t 30 | sudo stap -x 4242 - | stapflame flame -o flame.svg
  stapflame flame trace.bt -o flame.svg
  stapflame fold trace.bt > trace.folded

Exit codes: 0 complete; 64 usage; 65 nothing usable in the input; 66 cannot open an input; 70 our fault;
74 reading or writing failed; 75 output delivered, but the input was damaged, cut or incomplete.`,
    );
  addScriptCommand(program);
  addParseCommand(program, report);
  addFoldCommand(program, report);
  addRenderCommand(program, report);
  addFlameCommand(program, report);
  return program;
}
