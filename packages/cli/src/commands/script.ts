import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sh } from '@stapflame/stap-doctor';
import { createScriptGenerator, generateScript } from '@stapflame/stap-script';
import type { Command } from 'commander';
import { withOutput } from '../io/with-output.ts';
import { addSamplingOptions, scriptOptions } from './sampling-options.ts';

interface ScriptFlags {
  readonly commandLine?: boolean;
  readonly output?: string;
}

export function addScriptCommand(program: Command): void {
  const command = addSamplingOptions(program.command('script'))
    .description('print the SystemTap script that samples a process')
    .option('--command-line', 'print the stap command line for the script instead')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'no messages');
  command.action(async ({ commandLine, output: file }: ScriptFlags) => {
    const options = scriptOptions(command);
    await withOutput(file, (output) =>
      commandLine
        ? pipeline(Readable.from([stapLine(generateScript(options).stapArguments)]), output.stream())
        : pipeline(Readable.from([options]), createScriptGenerator(), output.stream()),
    );
  });
}

function stapLine(words: readonly string[]): string {
  return `${sh`${['stap', ...words, '-']}`}\n`;
}
