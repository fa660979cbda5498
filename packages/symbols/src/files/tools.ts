import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** A symboliser: a program that names functions at addresses in a file, with the options and output of addr2line. */
export interface Tool {
  readonly kind: 'llvm-symbolizer' | 'gimli addr2line' | 'eu-addr2line' | 'GNU addr2line';
  /** Path of the program. */
  readonly program: string;
  argumentsFor(file: string): readonly string[];
}

const llvm = (program: string): Tool => ({
  kind: 'llvm-symbolizer',
  program,
  argumentsFor: (file) => [
    `--obj=${file}`,
    '--output-style=GNU',
    '--addresses',
    '--functions=linkage',
    '--inlines',
    '--no-demangle',
  ],
});

const addr2line =
  (kind: Exclude<Tool['kind'], 'llvm-symbolizer'>) =>
  (program: string): Tool => ({
    kind,
    program,
    argumentsFor: (file) => ['-a', '-f', '-i', '-e', file],
  });

/** Matches the version output of binutils' addr2line, but not that of gimli's addr2line. */
const GNU = /^GNU /;
const PATIENCE_MS = 10_000;
/** Matches llvm-symbolizer. Distributions may append a version to its name. */
const LLVM_NAME = /^llvm-symbolizer(?:-(\d+))?$/;

/**
 * Finds the best tool in the directories listed in `path`, as in the PATH variable. For files with debug information,
 * llvm-symbolizer is fastest, followed by gimli's addr2line. binutils' addr2line comes last, because it
 * reads all debug information before it answers.
 */
export async function findTool(path: string): Promise<Tool | undefined> {
  const directories = path.split(delimiter).filter((directory) => directory.startsWith('/'));
  const symbolizer = directories.flatMap(symbolizersIn)[0];
  if (symbolizer !== undefined) return llvm(symbolizer);
  const plain = first(directories, 'addr2line');
  const isGnu = plain !== undefined && GNU.test(await versionOf(plain));
  if (plain !== undefined && !isGnu) return addr2line('gimli addr2line')(plain);
  const elfutils = first(directories, 'eu-addr2line');
  if (elfutils !== undefined) return addr2line('eu-addr2line')(elfutils);
  return plain === undefined ? undefined : addr2line('GNU addr2line')(plain);
}

function symbolizersIn(directory: string): readonly string[] {
  return namesIn(directory)
    .flatMap((name) => {
      const match = LLVM_NAME.exec(name);
      return match ? [{ name, version: Number(match[1] ?? Infinity) }] : [];
    })
    .toSorted((a, b) => b.version - a.version)
    .map(({ name }) => join(directory, name))
    .filter(isProgram);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function first(directories: readonly string[], name: string): string | undefined {
  return directories.map((directory) => join(directory, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function versionOf(program: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: PATIENCE_MS });
    return stdout;
  } catch {
    return '';
  }
}
