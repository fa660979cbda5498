import { pipeline } from 'node:stream/promises';
import type { ScriptOptions } from '@stapflame/stap-script';
import type { Command } from 'commander';
import { CliError, Exit } from '../exit.ts';
import { Group } from '../help/groups.ts';
import { withOutput } from '../io/with-output.ts';
import { sample } from '../sampling/sample.ts';
import { addRecordOptions, type RecordFlags } from './record-options.ts';
import { scriptOptions } from './sampling-options.ts';

export function addRecordCommand(program: Command, words: readonly string[]): void {
  const command = addRecordOptions(program.command('record'))
    .description('sample with SystemTap, here or over ssh, and write the trace')
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', "do not print SystemTap's messages or the cost of sampling");
  command.action(async (flags: OutputFlags) => {
    let problem: Error | undefined;
    const options = scriptOptions(command);
    const save = saveFor(options, flags);
    await withOutput(flags.output, async (output) => {
      problem = await sample(options, { ...flags, ...(save !== undefined && { save }) }, words, (trace) =>
        pipeline(trace, output.stream()),
      );
      // A run that printed nothing must not replace an earlier trace.
      if (problem && output.written === 0) throw problem;
    });
    if (problem) throw problem;
  });
}

interface OutputFlags extends RecordFlags {
  readonly output?: string;
}

/**
 * Returns the file where the data for the name lookup is saved. Addresses are useless without the maps, so with
 * `--addresses` the maps are saved next to the trace, where `flame` looks for them.
 */
function saveFor({ addresses }: ScriptOptions, { save, output }: OutputFlags): string | undefined {
  if (save !== undefined || addresses !== true) return save;
  if (output === undefined)
    throw new CliError(
      Exit.USAGE,
      '--addresses records no names, and the data for looking them up would not be saved; add -o TRACE or --save FILE',
    );
  return `${output}.symbols`;
}
