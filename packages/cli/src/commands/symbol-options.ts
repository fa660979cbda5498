import type { Command } from 'commander';
import { Group } from '../help/groups.ts';

/** Flags of the commands that look names up, as commander gives them. */
export interface SymbolFlags {
  readonly symbols?: readonly string[];
  readonly debugDir?: readonly string[];
  readonly debuginfod?: boolean;
  /** `false` for `--no-inlines`. */
  readonly inlines?: boolean;
}

export function addSymbolOptions(command: Command): Command {
  return command
    .optionsGroup(Group.SYMBOLS)
    .option(
      '--symbols <file>',
      'look up missing names with a file of record --save, a perf map (/tmp/perf-PID.map) or a program or .debug file (default: TRACE.symbols)',
      append,
    )
    .option(
      '--debug-dir <directory>',
      'where debug information is, by build-id or file name; /usr/lib/debug comes behind it',
      append,
    )
    .option('--debuginfod', 'fetch debug information from the servers in DEBUGINFOD_URLS')
    .option('--no-inlines', 'no frames for functions that were inlined');
}

const append = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
