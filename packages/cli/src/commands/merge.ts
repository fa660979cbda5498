import type { Command } from 'commander';
import { Group } from '../help/groups.ts';
import { mergeFiles, type MergeFlags } from '../merge/merge.ts';
import { shardsOf } from '../merge/shard.ts';
import { STDIN } from '../io/inputs.ts';
import type { Report } from './context.ts';
import { sourcesOf } from './sources.ts';
import { addFoldOptions } from './trace-options.ts';

type Flags = MergeFlags & { readonly source?: readonly string[] };

export function addMergeCommand(program: Command, report: Report): void {
  addFoldOptions(program.command('merge'))
    .description(
      'sum folded files into one that is sorted frame by frame; little memory is needed if all files are sorted',
    )
    .argument(
      '[folded...]',
      'folded stacks, compressed or not; with no file, or with -, standard input is read',
    )
    .option(
      '--source <source>',
      "root frame to add to each stack: file (the file's name), host (the host named in the file), or NAME=FILE (repeat the option for each file)",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option('--strict', 'write nothing if a file is missing, is truncated, or has lines that are not stacks')
    .option('--plain', 'leave out the comment lines (# stapflame …) that give the unit and the losses')
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: Flags) => {
      const sources = sourcesOf(flags.source);
      const named = files.length > 0 || sources.by === 'name' ? files : [STDIN];
      await report(await mergeFiles(shardsOf(named, sources), flags), flags);
    });
}
