import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sh } from '@stapflame/stap-doctor';
import { createScriptGenerator, generateScript, type SamplingScript } from '@stapflame/stap-script';
import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { standardError } from '../io/standard-error.ts';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';
import { addSamplingOptions, scriptOptions } from './sampling-options.ts';

interface ScriptFlags {
  readonly commandLine?: boolean;
  readonly json?: boolean;
  readonly output?: string;
  readonly quiet?: boolean;
}

export function addScriptCommand(program: Command): void {
  const command = addSamplingOptions(program.command('script'))
    .description('print the SystemTap script that samples a process')
    .optionsGroup(Group.OUTPUT)
    .addOption(
      new Option('--command-line', 'print the stap command for the script instead').conflicts('json'),
    )
    .option('--json', "print the script and stap's arguments as a JSON object")
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'do not say on stderr how to run the script');
  command.action(async (flags: ScriptFlags) => {
    const options = scriptOptions(command);
    await withOutput(flags.output, (output) =>
      flags.commandLine || flags.json
        ? pipeline(Readable.from([aboutScript(generateScript(options), flags)]), output.stream())
        : pipeline(Readable.from([options]), createScriptGenerator(), output.stream()),
    );
    const isScript = !flags.commandLine && !flags.json;
    if (isScript && !flags.quiet) {
      const { stapArguments } = generateScript(options);
      const line = stapLine(stapArguments, flags.output ?? 'SCRIPT');
      standardError().write(`stapflame: run the script with: sudo ${forTerminal(line)}\n`);
    }
  });
}

function aboutScript({ text, stapArguments }: SamplingScript, { json }: ScriptFlags): string {
  if (json !== true) return `${stapLine(stapArguments, '-')}\n`;
  return `${JSON.stringify({ script: text, stapArguments })}\n`;
}

/** @param script the file that stap reads, or `-` for standard input */
function stapLine(words: readonly string[], script: string): string {
  return sh`${['stap', ...words, script]}`;
}
