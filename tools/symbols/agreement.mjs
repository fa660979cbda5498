// @ts-check
// Says how well the lookup of names agrees with addr2line:
//
//     node tools/symbols/agreement.mjs PROGRAM [BYTES]
//
// PROGRAM has its symbols and debug information. A stripped copy and the debug information go to two directories, and the
// functions at every BYTES-th address (16) of its functions are looked up there, as they are for a trace. They are compared
// with those of `addr2line -a -f -i` on PROGRAM: the names of all frames, inlined ones too, and their number. The second
// figure counts a copy that the compiler made (`main.cold`) as its function. DIFFERENCES=1 prints what differs. Needs
// binutils.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const { FileLookup } = await import(new URL('../../packages/symbols/dist/index.js', import.meta.url).href);
const [named, bytes = '16'] = process.argv.slice(2);
if (named === undefined) throw new Error('expected PROGRAM [BYTES]');
const program = resolve(named);
const MOST = 20_000;
/** Programs that print much. */
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

  const addresses = addressesOf(execFileSync('nm', ['-S', '--defined-only', program], LARGE), Number(bytes));
  const lookup = new FileLookup({ directories: [dir] });
  const places = addresses.map((at) => ({
    module: join(dir, basename(program)),
    buildId,
    offset: at - base,
    named: false,
  }));
  /** @type {({ symbol: string }[] | undefined)[]} */
  const ours = await lookup.lookup(places);
  lookup.close();
  const theirs = answersOf(addresses);

  let frames = 0;
  let equal = 0;
  let sameFunction = 0;
  for (const [i, names] of theirs.entries()) {
    const found = ours[i]?.map(({ symbol }) => symbol) ?? ['??'];
    frames += Math.max(names.length, found.length);
    equal += names.filter((name, depth) => name === found[depth]).length;
    sameFunction += names.filter((name, depth) => withoutCopy(name) === withoutCopy(found[depth])).length;
    if (names.join() !== found.join() && process.env['DIFFERENCES'])
      console.log(`0x${addresses[i]?.toString(16)}: ${found.join(' < ')}; addr2line: ${names.join(' < ')}`);
  }
  const share = (/** @type {number} */ count) => `${((100 * count) / frames).toFixed(2)} %`;
  console.log(
    `${basename(program)}: ${addresses.length} addresses, ${frames} frames, ${share(equal)} equal, ${share(sameFunction)} the same function`,
  );
} finally {
  rmSync(dir, { recursive: true });
}

/**
 * Addresses in functions; of many, as many as are allowed, evenly spread.
 *
 * @param {string} symbols as nm prints them
 * @param {number} step
 */
function addressesOf(symbols, step) {
  /** @type {Set<number>} */
  const all = new Set();
  for (const [, start = '', size = ''] of symbols.matchAll(/^([0-9a-f]+) ([0-9a-f]+) [tTwW] /gm))
    for (let at = 0; at < Number.parseInt(size, 16); at += step) all.add(Number.parseInt(start, 16) + at);
  const sorted = [...all].sort((a, b) => a - b);
  const every = Math.ceil(sorted.length / MOST);
  return sorted.filter((_, i) => i % every === 0);
}

/**
 * Names of the functions at each address, the innermost first.
 *
 * @param {number[]} addresses
 */
function answersOf(addresses) {
  const input = addresses.map((at) => `0x${at.toString(16)}\n`).join('');
  const { stdout } = spawnSync('addr2line', ['-a', '-f', '-i', '-e', program], { ...LARGE, input });
  return stdout
    .split(/^0x[0-9a-f]+\n/m)
    .slice(1)
    .map((block) => block.split('\n').filter((line, at) => at % 2 === 0 && line !== ''));
}

/** @param {string} [name] */
function withoutCopy(name) {
  return name?.replace(/(?:\.(?:cold|isra|part|constprop|llvm|lto_priv)(?:\.\d+)?)+$/, '');
}
