// @ts-check
// Measures the cost of names in CPU time (user and system) and memory. Pairs of runs alternate:
//
//     node tools/symbols/cost.mjs lookup FILE [PAIRS]      50,000 addresses, compared with llvm-symbolizer alone
//     node tools/symbols/cost.mjs processes FILE [PAIRS]   100 addresses, compared with one llvm-symbolizer for each
//     node tools/symbols/cost.mjs demangle FILE [PAIRS]    20,000 stacks of 5,000 names, compared with --no-demangle
//
// FILE is a program or a debug information file with a build-id and many C++ functions. Needs binutils, GNU time and
// the built command line (`npx nx bundle stapflame`).
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ADDRESSES = 50_000;
/** The number of addresses for which a separate process is started. */
const ALONE = 100;
const NAMES = 5_000;
const STACKS = 20_000;
const DEPTH = 20;
const MAIN = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));
const [kind, named, pairs = '7', module = '', buildId = ''] = process.argv.slice(2);
if (named === undefined) throw new Error('expected lookup, processes or demangle, and FILE');
const file = resolve(named);

if (kind === 'run-lookup') {
  // in a separate process whose time is measured, `named` is the directory
  const { FileLookup } = await import(new URL('../../packages/symbols/dist/index.js', import.meta.url).href);
  const offsets = readFileSync(join(file, 'offsets'), 'utf8').trim().split('\n').map(Number);
  const lookup = new FileLookup({ directories: [file] });
  await lookup.lookup(offsets.map((offset) => ({ module, buildId, offset, named: false })));
  lookup.close();
  console.log(process.resourceUsage().maxRSS);
} else {
  const dir = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    if (kind === 'lookup') costOfLookup(dir);
    else if (kind === 'processes') costOfProcesses(dir);
    else if (kind === 'demangle') costOfDemangling(dir);
    else throw new Error(`expected lookup, processes or demangle, got ${kind}`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** @param {string} dir */
function costOfLookup(dir) {
  const ours = lookupOf(dir, addressesIn(symbolsOf()));
  const costs = inPairs(
    () => costOf(symboliser(), join(dir, 'addresses')),
    () => costOf(ours, '/dev/null'),
  );
  print('llvm-symbolizer alone', costs.a);
  print('the lookup and its llvm-symbolizer', costs.b);
  console.log(`ratio of CPU time: ${median(costs.b.map(({ cpu }, i) => cpu / costs.a[i].cpu)).toFixed(2)}`);
  const memory = median(costs.b.map(({ mib, own }, i) => (mib + own) / costs.a[i].mib));
  console.log(`ratio of memory, both processes: ${memory.toFixed(2)}`);
}

/** @param {string} dir */
function costOfProcesses(dir) {
  const all = addressesIn(symbolsOf());
  const every = Math.max(1, Math.floor(all.length / ALONE));
  const some = all.filter((_, i) => i % every === 0).slice(0, ALONE);
  const [few, many] = [some, all].map((addresses, i) => {
    const place = join(dir, String(i));
    mkdirSync(place);
    return lookupOf(place, addresses);
  });
  const each = `while read -r address; do ${symboliser().join(' ')} "$address" > /dev/null; done`;
  const costs = inPairs(
    () => costOf(['sh', '-c', each], join(dir, '0', 'addresses')),
    () => costOf(few, '/dev/null'),
  );
  const whole = costOf(many, '/dev/null');
  print(`${some.length} processes`, costs.a);
  print(`the lookup of ${some.length} addresses`, costs.b);
  print(`the lookup of ${all.length} addresses`, [whole]);
  const ratios = costs.a.map(({ cpu }, i) => cpu / costs.b[i].cpu);
  console.log(`in total: ${median(ratios).toFixed(0)} times as much CPU time`);
  const share = median(costs.a.map(({ cpu }) => cpu)) / some.length / (whole.cpu / all.length);
  console.log(`per address, if ${all.length} are looked up: ${share.toFixed(0)} times as much CPU time`);
}

/**
 * Writes lists of the addresses into the directory, and returns a command that looks the addresses up in FILE.
 *
 * @param {string} dir
 * @param {number[]} addresses
 */
function lookupOf(dir, addresses) {
  const id = /Build ID: ([0-9a-f]+)/.exec(output('readelf', ['-n', file]))?.[1];
  if (id === undefined) throw new Error(`${file} has no build-id`);
  mkdirSync(join(dir, id.slice(0, 2)));
  symlinkSync(file, join(dir, id.slice(0, 2), `${id.slice(2)}.debug`));
  const base = baseOf();
  writeFileSync(join(dir, 'addresses'), addresses.map((at) => `0x${at.toString(16)}\n`).join(''));
  writeFileSync(join(dir, 'offsets'), addresses.map((at) => `${at - base}\n`).join(''));
  return [process.execPath, fileURLToPath(import.meta.url), 'run-lookup', dir, pairs, '/a', id];
}

/** Runs llvm-symbolizer with the arguments that the lookup uses. */
function symboliser() {
  const words = ['llvm-symbolizer', `--obj=${file}`, '--output-style=GNU', '--addresses'];
  return [...words, '--functions=linkage', '--inlines', '--no-demangle'];
}

/** @param {string} dir */
function costOfDemangling(dir) {
  const all = [...new Set(symbolsOf().flatMap(({ name }) => (/^_[ZR]/.test(name) ? [name] : [])))];
  const every = Math.max(1, Math.floor(all.length / NAMES));
  const names = all.filter((_, i) => i % every === 0).slice(0, NAMES);
  const trace = join(dir, 'trace');
  writeFileSync(trace, Array.from({ length: STACKS }, (_, i) => recordOf(names, i)).join(''));
  console.log(
    `${names.length} names of ${Math.round(names.join('').length / names.length)} characters on average`,
  );
  // `top` prints three functions, so it shows what demangling costs; `fold` also writes all the longer names
  for (const [what, ...words] of [['top', '--limit', '3'], ['fold']]) {
    const command = [process.execPath, MAIN, what, ...words, '-q', trace, '-o', join(dir, 'output')];
    const costs = inPairs(
      () => costOf([...command, '--no-demangle'], '/dev/null'),
      () => costOf(command, '/dev/null'),
    );
    print(`${what} --no-demangle`, costs.a);
    print(what, costs.b);
    const difference = median(costs.b.map(({ cpu }, i) => cpu - costs.a[i].cpu));
    console.log(`${what}, with readable names: ${difference.toFixed(3)} s more CPU time`);
  }
}

/**
 * Returns a different stack for each number, with few different calls near the root and many near the leaf.
 *
 * @param {string[]} names
 * @param {number} number
 */
function recordOf(names, number) {
  const frames = Array.from({ length: DEPTH }, (_, depth) => {
    const at = depth === DEPTH - 1 ? number : Math.floor(number / (depth + 1)) * 7 + depth;
    const name = at % Math.min(names.length, 40 * 2 ** depth);
    return ` 0x${(0x400000 + name * 64).toString(16)} : ${names[name]}+0x10/0x40 [/usr/bin/app]\n`;
  });
  return `${frames.reverse().join('')}\t${(number % 9) + 1}\n`;
}

/** @param {{ start: number, size: number }[]} symbols */
function addressesIn(symbols) {
  const bytes = symbols.reduce((sum, { size }) => sum + size, 0);
  const step = Math.max(1, Math.floor(bytes / ADDRESSES));
  /** @type {Set<number>} */
  const addresses = new Set();
  let at = 0;
  for (const { start, size } of symbols) {
    for (; at < size; at += step) addresses.add(start + at);
    at -= size;
  }
  return [...addresses].sort((a, b) => a - b).slice(0, ADDRESSES);
}

function symbolsOf() {
  const lines = output('nm', ['-S', '--defined-only', file]).matchAll(
    /^([0-9a-f]+) ([0-9a-f]+) [tTwW] (.*)$/gm,
  );
  return Array.from(lines, ([, start = '', size = '', name = '']) => ({
    start: Number.parseInt(start, 16),
    size: Number.parseInt(size, 16),
    name,
  }));
}

/** Returns the address of the file's first byte. */
function baseOf() {
  return Number(/LOAD +0x\w+ (0x\w+)/.exec(output('readelf', ['-lW', file]))?.[1] ?? 0);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function output(command, args) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** @typedef {{ cpu: number, mib: number, own: number }} Cost */

/**
 * @param {() => Cost} first
 * @param {() => Cost} second
 */
function inPairs(first, second) {
  /** @type {{ a: Cost[], b: Cost[] }} */
  const costs = { a: [], b: [] };
  for (let i = 0; i < Number(pairs); i++) {
    const isTurned = i % 2 === 1;
    if (isTurned) costs.b.push(second());
    costs.a.push(first());
    if (!isTurned) costs.b.push(second());
  }
  return costs;
}

/**
 * Measures the cost of a command and its children; `own` is the memory that the command itself reports.
 *
 * @param {string[]} command
 * @param {string} input
 * @returns {Cost}
 */
function costOf(command, input) {
  const descriptor = openSync(input, 'r');
  const { stdout, stderr, status } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', ...command], {
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
    stdio: [descriptor, 'pipe', 'pipe'],
  });
  closeSync(descriptor);
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  const [user = 0, system = 0, kib = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { cpu: user + system, mib: kib / 1024, own: (Number(stdout.slice(0, 20)) || 0) / 1024 };
}

/**
 * @param {string} what
 * @param {Cost[]} costs
 */
function print(what, costs) {
  const own = median(costs.map(({ own }) => own));
  console.log(
    `${what}: ${median(costs.map(({ cpu }) => cpu)).toFixed(2)} s, ${median(costs.map(({ mib }) => mib)).toFixed(0)} MiB${own ? ` and ${own.toFixed(0)} MiB` : ''}`,
  );
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
