import type { DemanglerOptions } from '@stapflame/symbols';
import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';

/** Flags for commands that show names, as commander returns them. */
export interface NameFlags {
  /** `false` if `--no-demangle` is given. */
  readonly demangle?: 'full' | 'names' | false;
  readonly mergeClones?: boolean;
}

export function addNameOptions(command: Command): Command {
  return command
    .optionsGroup(Group.NAMES)
    .addOption(
      new Option(
        '--demangle <style>',
        'show C++ and Rust names with arguments (full, the default) or without (names)',
      ).choices(['full', 'names']),
    )
    .option('--no-demangle', 'do not demangle C++ and Rust names')
    .option(
      '--merge-clones',
      "show compiler-generated copies of a function (.isra.0, .cold) under the function's name",
    );
}

/** Returns how to change names, or `undefined` to leave them unchanged. */
export function demanglerOptions({
  demangle = 'full',
  mergeClones = false,
}: NameFlags): DemanglerOptions | undefined {
  if (demangle === false && !mergeClones) return undefined;
  return { style: demangle === false ? 'mangled' : demangle, mergeClones };
}
