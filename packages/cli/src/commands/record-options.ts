import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { addSamplingOptions } from './sampling-options.ts';

/** Flags for the sampling commands, in addition to the script generator's flags. */
export interface RecordFlags {
  readonly host?: readonly string[];
  readonly sshArguments?: readonly string[];
  readonly compileFor?: string;
  readonly sudo?: boolean;
  readonly rerun?: boolean;
  readonly fit?: boolean;
  readonly save?: string;
  readonly quiet?: boolean;
}

export function addRecordOptions(command: Command): Command {
  return addSamplingOptions(command)
    .optionsGroup(Group.PLACE)
    .option(
      '--host <[user@]host>',
      'sample on this host, over ssh; repeat the option to sample several hosts into one trace',
      append,
    )
    .addOption(sshArgumentsOption())
    .option(
      '--compile-for <release>',
      'compile the script here for this kernel release; the host only runs the result',
    )
    .option('--sudo', 'run stap with sudo -n (the default with --host)')
    .option('--no-sudo', 'run stap without sudo')
    .option('--rerun', 'if stap lacks the symbols of some files, sample again with -d for these files')
    .option('--fit', 'if SystemTap does not support the kernel, use a patched private copy of its runtime')
    .option(
      '--save <file>',
      'save the data for looking up names later: maps, build-ids and perf maps (TRACE.symbols is found next to TRACE)',
    );
}

/** The option for arguments to pass to ssh. */
export function sshArgumentsOption(): Option {
  return new Option(
    '--ssh-arguments <arguments>',
    "additional arguments for ssh, such as '-p 2222'",
  ).argParser(words);
}

const append = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
const words = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(/\s+/).filter(Boolean),
];
