import type { Command } from 'commander';
import type { Files } from '../io/clashes.ts';
import { sourcesOf } from './sources.ts';

/** The file where `--cp` keeps each name's colour. */
export const PALETTE_FILE = 'palette.map';

/** Options that name a file to read. */
const READ = ['stderr', 'maps', 'nameattr', 'symbols'];

/** Returns the files named on the command line. */
export function filesOf(command: Command): Files {
  const options = command.opts<Readonly<Record<string, string | boolean | readonly string[] | undefined>>>();
  const named = (option: string): readonly string[] => {
    const name = options[option];
    return typeof name === 'string' ? [name] : Array.isArray(name) ? name : [];
  };
  // Arguments that are not variadic come before the inputs and are not files.
  const before = command.registeredArguments.filter(({ variadic }) => !variadic).length;
  const source = options['source'];
  const sources = Array.isArray(source) ? sourcesOf(source as readonly string[]) : undefined;
  const palette = options['cp'] === true ? [PALETTE_FILE] : [];
  return {
    inputs: [
      ...command.args.slice(before),
      ...READ.flatMap(named),
      ...['before', 'after']
        .flatMap((side) => options[side] ?? [])
        .filter((each) => typeof each === 'string'),
      ...(sources?.by === 'name' ? sources.names.map(({ file }) => file) : []),
    ],
    outputs: [
      ...named('save').map((name) => ({ flag: '--save', name })),
      { flag: '-o', name: named('output')[0] },
      ...[...named('paletteMap'), ...palette].slice(0, 1).map((name) => ({ flag: '--palette-map', name })),
      ...named('summary').map((name) => ({ flag: '--summary', name })),
    ],
  };
}
