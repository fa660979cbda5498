import type { Command } from 'commander';
import { Group } from '../help/groups.ts';

/** Flags for commands that look up names, as commander returns them. */
export interface SymbolFlags {
  readonly symbols?: readonly string[];
  readonly debugDir?: readonly string[];
  readonly debuginfod?: boolean;
  /** `false` if `--no-inlines` is given. */
  readonly inlines?: boolean;
}

export function addSymbolOptions(command: Command): Command {
  return command
    .optionsGroup(Group.SYMBOLS)
    .option(
      '--symbols <file>',
      'look up missing names in this file: a file from record --save, a perf map (/tmp/perf-PID.map), a jitdump (jit-PID.dump), a program or a .debug file (default: TRACE.symbols)',
      append,
    )
    .option(
      '--debug-dir <directory>',
      'look in this directory for debug information, by build-id or file name, before /usr/lib/debug',
      append,
    )
    .option('--debuginfod', 'fetch debug information from the servers in DEBUGINFOD_URLS')
    .option('--no-inlines', 'do not add frames for inlined functions');
}

const append = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
