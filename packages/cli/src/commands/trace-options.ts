import type { FolderOptions } from '@stapflame/folder';
import type { LabelOptions } from '@stapflame/stacks';
import type { ParserOptions } from '@stapflame/stap-parser';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import type { ReadableKind } from '../inputs/input.ts';
import { TRACES } from '../inputs/table.ts';
import { pathOf } from '../io/file-names.ts';
import type { KeepFlags } from '../outputs/output.ts';

/** Flags for commands that read traces, as commander returns them. */
export interface TraceFlags extends Pick<KeepFlags, 'addresses' | 'frames'> {
  readonly blankSeparated?: boolean;
  readonly separator?: RegExp;
  readonly hostFrames?: boolean;
  readonly labelModule?: boolean;
  readonly labelOffset?: boolean;
  readonly labelKernel?: boolean;
  readonly labelAddress?: boolean;
  readonly labelJit?: boolean;
  readonly root?: 'comm' | 'process' | 'thread' | 'none';
  readonly perfEvent?: string;
  readonly bpftraceMap?: string;
  /** Another tool's name for `perfEvent`. */
  readonly eventFilter?: string;
  readonly maxRecordLines?: number;
  readonly maxHosts?: number;
}

/** Flags for commands that merge stacks. */
export interface FoldFlags extends Pick<KeepFlags, 'mergeBy'> {
  readonly memory?: number;
  readonly tmpdir?: string;
}

export function addTraceOptions(
  command: Command,
  kinds: readonly ReadableKind<TraceFlags>[] = TRACES,
): Command {
  return addSampleOptions(command)
    .addOption(inputOption(kinds))
    .optionsGroup(Group.LABELS)
    .option('--host-frames', 'use the host prefix (stap --remote-prefix) as the root frame')
    .option('--label-module', 'label frames as SYMBOL [MODULE]')
    .option('--label-offset', 'label frames as SYMBOL+0xOFFSET')
    .option('--label-kernel', 'mark kernel frames with _[k]')
    .option('--label-address', 'use the address as the label of frames without a symbol')
    .option('--label-jit', 'mark frames of JIT-compiled code with _[j] (perf)')
    .optionsGroup(Group.INPUT)
    .option(
      '--bpftrace-map <name>',
      'read this bpftrace map (default: the first map that has stacks as keys)',
    )
    .option('--perf-event <name>', 'read the samples for this perf event (default: the first event)')
    .option(
      '--max-record-lines <number>',
      'maximum number of lines to keep for unfinished records (default: 10000000)',
      wholeNumber,
    )
    .option(
      '--max-hosts <number>',
      'maximum number of hosts in one trace (stap --remote-prefix; default: 100000)',
      wholeNumber,
    );
}

/**
 * Adds `--root` for commands that lack the sampling options, which include `--root`. Also adds the names that some
 * options have in stackcollapse-perf.pl and inferno-collapse-perf.
 */
export function addPerfNames(command: Command): Command {
  const names: Readonly<Record<string, Partial<TraceFlags>>> = {
    '--kernel': { labelKernel: true },
    '--jit': { labelJit: true },
    '--all': { labelKernel: true, labelJit: true },
    '--addrs': { labelAddress: true },
    '--pid': { root: 'process' },
    '--tid': { root: 'thread' },
  };
  command.optionsGroup(Group.LABELS);
  for (const [name, flags] of Object.entries(names))
    command.addOption(new Option(name).hideHelp().implies(flags));
  const roots = ['comm', 'process', 'thread', 'none'];
  command.addOption(
    new Option('--root <frame>', 'root frame for perf samples (default: comm)').choices(roots),
  );
  return command.addOption(new Option('--event-filter <name>').hideHelp());
}

/** Creates `--input`, for commands that read the given kinds of input. */
export function inputOption(kinds: readonly ReadableKind<TraceFlags>[] = TRACES): Option {
  const words = kinds.map(({ word }) => word);
  return new Option('--input <kind>', 'kind of input, if stapflame does not recognise the content').choices(
    words,
  );
}

/** Adds the options that say where one sample ends and the next begins. */
export function addSampleOptions(command: Command): Command {
  return command
    .optionsGroup(Group.INPUT)
    .option('--blank-separated', 'read each group of lines between blank lines as one sample')
    .option(
      '--separator <regex>',
      "regular expression for lines that separate samples, such as '^-+$'; the first capture group is the count, as in '^(\\d+) leaked$'",
      regularExpression,
    );
}

export function addFoldOptions(command: Command): Command {
  return command
    .optionsGroup(Group.RESOURCES)
    .option(
      '--memory <size>',
      'memory for the stack table, such as 16M; stacks that do not fit go to temporary files',
      size,
    )
    .option('--tmpdir <directory>', 'directory for temporary files (default: TMPDIR, or the system’s)');
}

export function parserOptions({ maxRecordLines, maxHosts, separator, ...flags }: TraceFlags): ParserOptions {
  return {
    ...(separator !== undefined && { separator }),
    ...(maxRecordLines !== undefined && { maxRecordLines }),
    ...(maxHosts !== undefined && { maxHosts }),
    blankSeparated: flags.blankSeparated ?? false,
    hostFrames: flags.hostFrames ?? false,
    addresses: flags.addresses ?? false,
    frames: flags.frames ?? 'labels',
    label: labelOptions(flags),
  };
}

export function labelOptions(flags: TraceFlags): Required<LabelOptions> {
  return {
    module: flags.labelModule ?? false,
    offset: flags.labelOffset ?? false,
    kernel: flags.labelKernel ?? false,
    address: flags.labelAddress ?? false,
  };
}

export function folderOptions({ memory, mergeBy, ...flags }: FoldFlags): FolderOptions {
  return {
    ...(memory !== undefined && { memory }),
    ...temporaryDirectory(flags),
    ...(mergeBy !== undefined && { mergeBy }),
  };
}

/** Returns the option that tells a stage where to put temporary files. */
export function temporaryDirectory({ tmpdir }: FoldFlags): Pick<FolderOptions, 'tmpdir'> {
  return tmpdir === undefined ? {} : { tmpdir: pathOf(tmpdir) };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 };

/** Parses a size, such as `16M`. */
export function size(text: string): number {
  const match = /^(\d{1,9})([KMG]?)(?:i?B)?$/i.exec(text);
  if (!match) throw new InvalidArgumentError('expected a size in bytes, such as 16777216, 16M or 1G.');
  return Number(match[1]) * UNITS[match[2]!.toUpperCase()]!;
}

function regularExpression(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: \/.*\/u?: /s, '');
    throw new InvalidArgumentError(
      `expected a JavaScript regular expression (${reason.toLowerCase()}), such as ^-+$.`,
    );
  }
}

/** Parses a whole number. The library checks whether it is in range. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number.');
  return Number(text);
}

/** Parses a decimal number. */
export function decimalNumber(text: string): number {
  if (!/^\d{1,12}(?:\.\d{1,12})?$/.test(text))
    throw new InvalidArgumentError('expected a number, such as 0.1 or 1200.');
  return Number(text);
}
