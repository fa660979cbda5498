import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  isJitdump,
  isPerfMap,
  isSavedFile,
  perfMapOfJitdump,
  readSavedFile,
  SymbolsError,
  type SavedSite,
} from '@stapflame/symbols';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { forTerminal } from '../terminal.ts';

/** The contents of the symbol files, by kind. */
export interface SymbolFiles {
  readonly sites: readonly SavedSite[];
  /** The contents of perf maps. */
  readonly perfMaps: readonly string[];
  /** The file names of programs and of files with debug information. */
  readonly elfFiles: readonly string[];
}

/** Maximum size of a symbol file. `record --save` never writes a larger one. */
const MOST_BYTES = 1 << 28;
const ELF = '\x7fELF';
const HEAD = 4;

/** Reads symbol files of any kind. */
export function readSymbolFiles(names: readonly string[]): SymbolFiles {
  return combined(names.map(readSymbolFile));
}

function combined(all: readonly SymbolFiles[]): SymbolFiles {
  return {
    sites: all.flatMap(({ sites }) => sites),
    perfMaps: all.flatMap(({ perfMaps }) => perfMaps),
    elfFiles: all.flatMap(({ elfFiles }) => elfFiles),
  };
}

function readSymbolFile(name: string): SymbolFiles {
  const nothing: SymbolFiles = { sites: [], perfMaps: [], elfFiles: [] };
  const bytes = readBytes(name);
  if (bytes.toString('latin1', 0, HEAD) === ELF) return { ...nothing, elfFiles: [name] };
  if (isJitdump(bytes)) return { ...nothing, perfMaps: [perfMapOfJitdump(bytes)] };
  const text = bytes.toString('utf8');
  if (isSavedFile(text)) return { ...nothing, sites: sitesIn(text, name) };
  if (isPerfMap(text)) return { ...nothing, perfMaps: [text] };
  throw new CliError(
    Exit.DATA,
    `${forTerminal(name)}: expected a file from record --save, a perf map (START SIZE NAME), a jitdump or an ELF file; sample with record --save FILE to get one`,
  );
}

function sitesIn(text: string, name: string): readonly SavedSite[] {
  try {
    return readSavedFile(text);
  } catch (error) {
    if (!(error instanceof SymbolsError)) throw error;
    throw new CliError(Exit.DATA, `${forTerminal(name)}: ${error.message}`, error);
  }
}

/** Returns the file's bytes, or only the first four bytes if it is an ELF file. */
function readBytes(name: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(pathOf(name), constants.O_RDONLY);
  } catch (error) {
    throw new CliError(
      Exit.NO_INPUT,
      `cannot open ${forTerminal(name)}: ${forTerminal((error as Error).message)}`,
      error,
    );
  }
  try {
    if (fstatSync(descriptor).isDirectory())
      throw new CliError(
        Exit.NO_INPUT,
        `cannot open ${forTerminal(name)}: it is a directory; use --debug-dir for directories with debug information`,
      );
    return bytesOf(descriptor, name);
  } finally {
    closeSync(descriptor);
  }
}

function bytesOf(descriptor: number, name: string): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(pieces.length === 0 ? HEAD : 1 << 20);
    const length = readSync(descriptor, piece);
    pieces.push(piece.subarray(0, length));
    size += length;
    if (length === 0 || (pieces.length === 1 && piece.toString('latin1', 0, length) === ELF)) break;
    if (size > MOST_BYTES)
      throw new CliError(
        Exit.DATA,
        `${forTerminal(name)}: expected a symbol file of at most ${MOST_BYTES >> 20} MiB, got a larger one`,
      );
  }
  return Buffer.concat(pieces);
}
