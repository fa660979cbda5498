import { fstatSync, statSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { descriptorName, STDOUT } from './descriptors.ts';
import { destinationOf, type Destination } from './destination.ts';
import { pathOf } from './file-names.ts';
import { STDIN } from './inputs.ts';

/** The files named on the command line. */
export interface Files {
  /** Files to read. An empty list means standard input. */
  readonly inputs: readonly string[];
  /** Files to write, in this order, and the flags that name them. An output without a name is standard output. */
  readonly outputs: readonly { readonly flag: string; readonly name: string | undefined }[];
}

/** Throws if an output would overwrite an input, or if two outputs would be written to the same file. */
export function refuseClashes({ inputs, outputs }: Files): void {
  const read = new Set((inputs.length > 0 ? inputs : [STDIN]).map(inputFile));
  const written = new Map<string, { destination: Destination; name: string }>();
  for (const { flag, name } of outputs) {
    const destination = destinationIfAny(name);
    const file = destination && outputFile(destination);
    if (destination === undefined || file === undefined) continue;
    const shown = name === undefined ? descriptorName(STDOUT) : forTerminal(name);
    if (read.has(file))
      throw new CliError(
        Exit.USAGE,
        `${shown} is both an input and an output; choose another name for ${flag}`,
      );
    const other = written.get(file);
    // Two open descriptors are allowed to refer to the same file, because outputs are written one after the other.
    const areOpen = destination.kind === 'descriptor' && other?.destination.kind === 'descriptor';
    if (other && !areOpen)
      throw new CliError(
        Exit.USAGE,
        `${shown} and ${other.name} are the same file; choose another name for ${flag}`,
      );
    written.set(file, { destination, name: shown });
  }
}

/**
 * Returns the destination, or `undefined` if the name cannot be used. The reason is reported later, when the file is
 * opened.
 */
function destinationIfAny(name: string | undefined): Destination | undefined {
  try {
    return destinationOf(name);
  } catch (error) {
    if (error instanceof CliError) throw error;
    return undefined;
  }
}

/** Returns the identity of a regular file. If the file does not exist yet, its directory and name identify it. */
function outputFile(destination: Destination): string | undefined {
  if (destination.kind === 'in place') return undefined;
  if (destination.kind === 'descriptor') return regular(ifThere(() => fstatSync(destination.descriptor)));
  const { path, stats } = destination;
  if (stats) return regular(stats);
  const directory = ifThere(() => statSync(pathOf(dirname(path))));
  return directory && `${directory.dev}:${directory.ino}/${basename(path)}`;
}

function inputFile(name: string): string | undefined {
  return regular(ifThere(() => (name === STDIN ? fstatSync(0) : statSync(pathOf(name)))));
}

/**
 * Returns the identity of a regular file, or `undefined` for any other file. Writing to a pipe or a device does not
 * overwrite earlier data.
 */
function regular(stats: Stats | undefined): string | undefined {
  return stats?.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}

function ifThere(look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
