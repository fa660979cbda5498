import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { withOutput } from '../io/with-output.ts';
import { sample } from '../sampling/sample.ts';
import { addRecordOptions, type RecordFlags } from './record-options.ts';
import { scriptOptions } from './sampling-options.ts';

export function addRecordCommand(program: Command, words: readonly string[]): void {
  const command = addRecordOptions(program.command('record'))
    .description('sample with SystemTap, here or over ssh, and write the trace')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'no messages of SystemTap, no cost');
  command.action(async (flags: RecordFlags & { readonly output?: string }) => {
    let problem: Error | undefined;
    await withOutput(flags.output, async (output) => {
      problem = await sample(scriptOptions(command), flags, words, (trace) =>
        pipeline(trace, output.stream()),
      );
    });
    if (problem) throw problem;
  });
}
