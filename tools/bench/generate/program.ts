import { Random } from './random.ts';

/**
 * The sampled program: 1200 functions in six modules with three return addresses and three sampled addresses each, so
 * about 7200 distinct lines; a real interpreter or server has a few thousand. Names are C (`buf_read_page`) and
 * mangled C++, 8 to 50 bytes. Each return address leads to one fixed callee, so stacks share their root ends and
 * diverge towards the leaf. One function in fifty is in a stripped module, where stap prints ` 0xA : 0xA
 * [module+0xOFF/0xSIZE]`.
 */
export interface Program {
  /** All lines, each ` 0x` + 12 hex digits + ` : …` + newline, one directly after the other. */
  readonly text: Buffer;
  /** Line `i` is `text` from `starts[i]` to `starts[i + 1]`. */
  readonly starts: Uint32Array;
  /** The module of each line, for its load address. */
  readonly modules: Uint8Array;
  /** The address of each line within its module. */
  readonly offsets: Uint32Array;
  /** Lines that print their address a second time instead of a symbol. */
  readonly unnamed: Uint8Array;
  /** The function called at each return address: `callees[function * SITES + site]`. */
  readonly callees: Uint16Array;
}

/** The number of return addresses, and of sampled addresses, in each function. */
export const SITES = 3;
export const FUNCTIONS = 1200;
const MODULES = 6;

/** Positions of an address's digits in a line, and of the digits of its repetition. */
export const ADDRESS_AT = 3;
export const SECOND_ADDRESS_AT = 20;

/** Functions below this number have unique names. The frames that make a stack distinct are such functions. */
export const NAMED = 512;

const MODULE_PATHS = [
  '/opt/demo/bin/orders-server',
  '/usr/lib/x86_64-linux-gnu/libc.so.6',
  '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30',
  '/usr/lib/x86_64-linux-gnu/libcrypto.so.3',
  '/opt/demo/lib/liborders-storage.so.1',
  '/opt/demo/lib/libvendor-codec.so.2',
] as const;
const STRIPPED = MODULE_PATHS.length - 1;

const WORDS =
  'buffer page cache lookup insert index read write encode decode request response session query plan execute scan tuple lock release commit log flush merge sort hash table entry string parse token stream copy alloc free list node tree walk update check state event loop dispatch handler worker queue push pop timer signal'.split(
    ' ',
  );

/** Returns the line of a call in function `fn`. The sampled (leaf) lines come {@link SITES} numbers later. */
export function lineOf(fn: number, site: number): number {
  return fn * SITES * 2 + site;
}

/** A program's size, and a name to tell it from other programs. */
export interface ProgramSize {
  readonly functions: number;
  /** Part of its path and of the names of its own functions. */
  readonly name: string;
}

const ORDERS: ProgramSize = { functions: FUNCTIONS, name: 'orders' };

export function createProgram(random: Random, { functions, name: own }: ProgramSize = ORDERS): Program {
  const count = functions * SITES * 2;
  const paths = MODULE_PATHS.map((path) => path.replace('orders', own));
  const program = {
    starts: new Uint32Array(count + 1),
    modules: new Uint8Array(count),
    offsets: new Uint32Array(count),
    unnamed: new Uint8Array(count),
    callees: new Uint16Array(functions * SITES),
  };
  const lines: string[] = [];
  const names = new Set<string>();
  const moduleEnds = new Uint32Array(MODULES).fill(0x1000);
  let end = 0;
  for (let fn = 0; fn < functions; fn++) {
    const stripped = fn >= NAMED && random.below(29) === 0;
    const module = stripped ? STRIPPED : random.below(STRIPPED);
    const size = 0x40 + random.below(random.below(2) === 0 ? 0x200 : 0x1c00);
    const begin = moduleEnds[module]!;
    moduleEnds[module] = begin + ((size + 15) & ~15);
    const name = newName(random, names, own);
    for (let site = 0; site < SITES; site++) program.callees[fn * SITES + site] = random.below(functions);
    for (let at = 0; at < SITES * 2; at++) {
      const line = lineOf(fn, at);
      // Six different offsets in the function, so that no two of its lines are the same.
      const within = Math.floor((size * at) / (SITES * 2)) + 1 + random.below(8);
      const place = stripped
        ? `0x000000000000 [${paths[module]}+0x${(begin + within).toString(16)}/0x3a1000]`
        : `${name}+0x${within.toString(16)}/0x${size.toString(16)} [${paths[module]}]`;
      lines.push(` 0x000000000000 : ${place}\n`);
      program.starts[line] = end;
      end += lines.at(-1)!.length;
      program.modules[line] = module;
      program.offsets[line] = begin + within;
      program.unnamed[line] = stripped ? 1 : 0;
    }
  }
  program.starts[count] = end;
  return { ...program, text: Buffer.from(lines.join(''), 'latin1') };
}

/** Draws load addresses for the modules in a new process, as with ASLR: page-aligned, in 47 bits. */
export function loadAddresses(random: Random): Float64Array {
  return Float64Array.from(MODULE_PATHS, (_, module) => {
    const top = module === 0 ? 0x55 : 0x7f;
    return top * 2 ** 40 + random.below(2 ** 26) * 0x4000;
  });
}

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** Writes the 12 hex digits of an address into a line that begins at `at`. */
export function writeAddress(into: Buffer, at: number, address: number): void {
  let high = Math.floor(address / 2 ** 24);
  let low = address % 2 ** 24;
  for (let digit = 5; digit >= 0; digit--) {
    into[at + digit] = DIGITS[high & 15]!;
    into[at + digit + 6] = DIGITS[low & 15]!;
    high >>>= 4;
    low >>>= 4;
  }
}

/** Draws a name. The first program's names also occur in libraries; every other program has its own names. */
function newName(random: Random, taken: Set<string>, own: string): string {
  const prefix = own === ORDERS.name ? '' : `${own}_`;
  for (;;) {
    const words = Array.from({ length: 2 + random.below(3) }, () => WORDS[random.below(WORDS.length)]!);
    const name = random.below(5) < 2 ? mangled(words, own) : `${prefix}${words.join('_')}`;
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
  }
}

function mangled(words: string[], own: string): string {
  return `_ZN${own.length}${own}${words.map((word) => `${word.length}${word}`).join('')}ERKSsm`;
}
