import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportedFunctions, readElf, type ReadAt } from '@stapflame/symbols';
import { MACHINE, type Laboratory } from './machine.ts';

const STAPFLAME = fileURLToPath(new URL('../../../packages/cli/bundle/bin/main.js', import.meta.url));

/** A program that was not written for these tests. */
export interface Foreign {
  readonly name: string;
  /** As typed into the machine's shell, in the distribution's root directory. */
  readonly command: string;
  /** The program's files that SystemTap reads, in addition to the libraries that they name. */
  readonly modules: readonly string[];
  /** Seconds until it begins its actual work. */
  readonly warmUp: number;
}

/** Returns the programs that could be built on this machine. */
export function foreignPrograms({ directory }: Laboratory): readonly Foreign[] {
  const made = (name: string): string => join(directory, 'foreign', name);
  const [python, perl, sqlite, binding] = pathsInside([
    '/usr/bin/python3',
    '/usr/bin/perl',
    '/usr/lib/x86_64-linux-gnu/libsqlite3.so.0',
    '/usr/lib/python3.*/lib-dynload/_sqlite3.*.so',
  ]);
  const compiled = ['cpp', 'rust', 'go', 'stripped'].map((name) => ({
    name,
    command: made(name),
    modules: [made(name)],
    warmUp: 2,
  }));
  return [
    { name: 'python', command: `${python} ${made('words.py')}`, modules: [python!], warmUp: 3 },
    { name: 'perl', command: `${perl} ${made('words.pl')}`, modules: [perl!], warmUp: 2 },
    {
      name: 'sqlite',
      command: `${python} ${made('table.py')}`,
      modules: [python!, sqlite!, binding!],
      warmUp: 5,
    },
    ...compiled,
    { name: 'node', command: `${made('node')} ${made('words.js')}`, modules: [made('node')], warmUp: 15 },
  ].filter(({ modules }) => modules.every((file) => !file.startsWith(directory) || existsSync(file)));
}

/** Returns the real paths of the distribution's files. */
function pathsInside(patterns: readonly string[]): readonly string[] {
  const words = [join(MACHINE, 'inside.sh'), 'sh', '-c', `readlink -f ${patterns.join(' ')}`];
  return execFileSync('bash', words, { encoding: 'utf8' }).trim().split('\n');
}

/** Returns a function that replaces all names of the same function, in these files and their libraries, by one. */
export function oneNameOf({ modules }: Foreign): (name: string) => string {
  const names = new Map<string, string>();
  for (const file of librariesOf(modules))
    for (const kind of ['-n', '-Dn']) {
      const words = [join(MACHINE, 'inside.sh'), 'nm', kind, '-P', '--defined-only', file];
      const listed = execFileSync('bash', words, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 2 ** 28,
      });
      const first = new Map<string, string>();
      for (const [, name, address] of listed.matchAll(/^([^\s@]+)\S* [tTwWiu] ([0-9a-f]+)/gm)) {
        if (!first.has(address!)) first.set(address!, names.get(name!) ?? name!);
        names.set(name!, first.get(address!)!);
      }
    }
  return (name) => names.get(name) ?? name;
}

/**
 * Counts how often each function is the leaf in the output of `perf script -F ip,sym,dso`. All kernel functions count
 * as one.
 */
export function leavesOfPerf(text: string, oneName: (name: string) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, address, symbol] of text.matchAll(
    /^\s*([0-9a-f]+)\s+(.+?)\s+\([^()]*(?:\([^()]*\))?[^()]*\)$/gm,
  ))
    add(counts, /^[89a-f][0-9a-f]{15}$/.test(address!) ? '[kernel]' : oneName(symbol!));
  return counts;
}

/** Counts the leaves of a SystemTap trace, as `stapflame parse` reads it with the sizes of exported functions. */
export function leavesOfTrace(
  file: string,
  { modules }: Foreign,
  laboratory: Laboratory,
  oneName: (name: string) => string,
): ReadonlyMap<string, number> {
  const exported = Object.fromEntries(
    librariesOf(modules).flatMap((path) => {
      const functions = exportedIn(
        existsSync(path) && path.startsWith(laboratory.directory)
          ? path
          : join(laboratory.directory, 'root', path),
      );
      return functions === undefined ? [] : [[path, functions]];
    }),
  );
  const saved = { release: laboratory.release, buildIds: {}, processes: [], exported };
  writeFileSync(`${file}.symbols`, JSON.stringify({ version: 1, sites: [saved] }));
  const words = [STAPFLAME, 'parse', '-q', '--no-demangle', file];
  const parsed = execFileSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const counts = new Map<string, number>();
  for (const line of parsed.trim().split('\n')) {
    const { count, frames } = JSON.parse(line) as {
      readonly count: number;
      readonly frames: readonly { readonly symbol?: string; readonly kernel?: boolean }[];
    };
    const leaf = frames[0];
    add(counts, leaf?.kernel === true ? '[kernel]' : oneName(leaf?.symbol ?? '[unknown]'), count);
  }
  return counts;
}

/** Returns the real paths of the files and of the libraries that they name. */
function librariesOf(files: readonly string[]): readonly string[] {
  const script = `for file; do echo "$file"; ldd "$file" 2> /dev/null | grep -o '/[^ ]*'; done | xargs -n 1 readlink -f | sort -u`;
  const words = [join(MACHINE, 'inside.sh'), 'sh', '-c', script, 'sh', ...files];
  return execFileSync('bash', words, { encoding: 'utf8' }).trim().split('\n');
}

function exportedIn(file: string): string | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const readAt: ReadAt = (offset, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
    };
    const elf = readElf(readAt);
    return elf && exportedFunctions(elf, readAt);
  } finally {
    closeSync(descriptor);
  }
}

function add(counts: Map<string, number>, name: string, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
