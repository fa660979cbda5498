// @ts-check
// Measures how well the name lookup agrees with addr2line:
//
//     node tools/symbols/agreement.mjs PROGRAM [BYTES]
//
// PROGRAM must have symbols and debug information. A stripped copy and the debug information are put into two
// directories. The functions at every BYTES-th address (default: 16) of its code are looked up there, in the same way
// as for a trace. The number and the names of all frames, including inlined ones, are compared with the output of
// `addr2line -a -f -i` for PROGRAM. If a frame differs, one of these explanations is printed, if any applies:
//
//     a copy           one side names a copy that the compiler made, the other its function (`main.cold`, `main`)
//     one address      the address has two names: the linker merged functions, or a constructor has two
//     the linker name  our name is the symbol of the code; addr2line's is the short name of a function without a symbol
//     as DWARF says    dwarf-names.go, which shares no code with either side, reads our name in the debug information
//
// DIFFERENCES=1 prints the differences. Needs binutils, and Go for the last explanation.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const { FileLookup } = await import(new URL('../../packages/symbols/dist/index.js', import.meta.url).href);
const [named, bytes = '16'] = process.argv.slice(2);
if (named === undefined) throw new Error('expected PROGRAM [BYTES]');
const program = resolve(named);
const MOST = 20_000;
const DWARF_NAMES = fileURLToPath(new URL('dwarf-names.go', import.meta.url));
/** Options for programs that print a lot. */
const LARGE = { encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 29 };

const dir = mkdtempSync(join(tmpdir(), 'agreement-'));
try {
  const buildId = /Build ID: ([0-9a-f]+)/.exec(execFileSync('readelf', ['-n', program], LARGE))?.[1];
  if (buildId === undefined) throw new Error(`${program} has no build-id`);
  const debug = join(dir, '.build-id', buildId.slice(0, 2));
  mkdirSync(debug, { recursive: true });
  execFileSync('objcopy', ['--only-keep-debug', program, join(debug, `${buildId.slice(2)}.debug`)]);
  const [, offset = '0', address = '0'] =
    /LOAD +0x(\w+) 0x(\w+)/.exec(execFileSync('readelf', ['-lW', program], LARGE)) ?? [];
  const base = Number.parseInt(address, 16) - Number.parseInt(offset, 16);

  const symbols = symbolsOf(execFileSync('nm', ['-S', '--defined-only', program], LARGE));
  const addresses = addressesOf(symbols, Number(bytes));
  const lookup = new FileLookup({ directories: [dir] });
  const places = addresses.map((at) => ({
    module: join(dir, basename(program)),
    buildId,
    offset: at - base,
    named: false,
  }));
  /** @type {({ symbol: string }[] | undefined)[]} */
  const found = await lookup.lookup(places);
  lookup.close();
  const ours = found.map((functions) => functions?.map(({ symbol }) => symbol) ?? ['??']);
  const theirs = answersOf('addr2line', ['-a', '-f', '-i', '-e', program], addresses);

  const differing = addresses.flatMap((at, i) =>
    ours[i]?.join('\n') === theirs[i]?.join('\n')
      ? []
      : [{ at, ours: ours[i] ?? [], theirs: theirs[i] ?? [] }],
  );
  const dwarf = answersOf(
    'go',
    ['run', DWARF_NAMES, program],
    differing.map(({ at }) => at),
  );
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const [i, difference] of differing.entries()) {
    for (const kind of kindsOf(difference, dwarf[i] ?? [])) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (process.env['DIFFERENCES'])
      console.log(
        `0x${difference.at.toString(16)}: ${difference.ours.join(' < ')}; addr2line: ${difference.theirs.join(' < ')}`,
      );
  }
  const frames = addresses.reduce(
    (sum, _, i) => sum + Math.max(ours[i]?.length ?? 0, theirs[i]?.length ?? 0),
    0,
  );
  const share = (/** @type {number} */ count) => `${((100 * count) / frames).toFixed(2)} %`;
  const unequal = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${basename(program)}: ${addresses.length} addresses, ${frames} frames, ${share(frames - unequal)} equal`,
    ...[...kinds].map(([kind, count]) => `${share(count)} ${kind}`),
  );

  /**
   * Returns explanations for the frames that differ. The outermost frame is compared first, because both sides have it.
   *
   * @param {{ at: number, ours: string[], theirs: string[] }} difference
   * @param {string[]} read the names in the DWARF data
   */
  function kindsOf({ at, ours, theirs }, read) {
    return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, depth) => {
      const [our = '', their = '', said] = [ours, theirs, read].map((names) => names.at(-1 - depth));
      if (our === their) return undefined;
      if (withoutCopy(our) === withoutCopy(their)) return 'a copy';
      if (symbols.byName.has(our) && symbols.byName.get(our) === symbols.byName.get(their))
        return 'one address';
      if (depth === 0 && isSymbolAt(our, at) && !symbols.byName.has(their)) return 'the linker name';
      return our === said ? 'as DWARF says' : 'unexplained';
    }).filter((kind) => kind !== undefined);
  }

  /**
   * @param {string} name
   * @param {number} at
   */
  function isSymbolAt(name, at) {
    return symbols.all.some((symbol) => symbol.name === name && symbol.start <= at && at < symbol.end);
  }
} finally {
  rmSync(dir, { recursive: true });
}

/** @typedef {{ start: number, end: number, name: string }} Function */

/**
 * Returns the functions that nm prints, and the address of each name.
 *
 * @param {string} text
 */
function symbolsOf(text) {
  /** @type {Function[]} */
  const all = [];
  /** @type {Map<string, number>} */
  const byName = new Map();
  for (const [, from = '', size = '', name = ''] of text.matchAll(
    /^([0-9a-f]+) ([0-9a-f]+) [tTwW] (.*)$/gm,
  )) {
    const start = Number.parseInt(from, 16);
    all.push({ start, end: start + Number.parseInt(size, 16), name });
    byName.set(name, start);
  }
  return { all, byName };
}

/**
 * Returns addresses in functions. If there are too many, selects some of them evenly.
 *
 * @param {{ all: Function[] }} symbols
 * @param {number} step
 */
function addressesOf({ all }, step) {
  /** @type {Set<number>} */
  const addresses = new Set();
  for (const { start, end } of all) for (let at = start; at < end; at += step) addresses.add(at);
  const sorted = [...addresses].sort((a, b) => a - b);
  const every = Math.ceil(sorted.length / MOST);
  return sorted.filter((_, i) => i % every === 0);
}

/**
 * Returns the names of the functions at each address, innermost first, as a program like addr2line prints them.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {number[]} addresses
 */
function answersOf(command, args, addresses) {
  const input = addresses.map((at) => `0x${at.toString(16)}\n`).join('');
  const { stdout, stderr, status } = spawnSync(command, args, { ...LARGE, input });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout
    .split(/^0x[0-9a-f]+\n/m)
    .slice(1)
    .map((block) => block.split('\n').filter((line, at) => at % 2 === 0 && line !== ''));
}

/** @param {string} name */
function withoutCopy(name) {
  return name.replace(/(?:\.(?:cold|isra|part|constprop|llvm|lto_priv)(?:\.\d+)?)+$/, '');
}
