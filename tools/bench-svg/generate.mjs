// @ts-check
// Generates folded text for measuring renderers: node generate.mjs KIND FILE
//   server    20,000 stacks as from a C++ server, 20 to 40 frames deep, about 21 MB
//   wide      stacks whose picture has 255,000 boxes at --minwidth 0 (wide=N for N boxes)
//   sorted    10 million distinct stacks, frame-sorted, about 1.6 GB (sorted=N for 10^N)
//   shuffled  the same, unsorted
import { closeSync, openSync, writeSync } from 'node:fs';

const [kind = '', file = ''] = process.argv.slice(2);
const output = openSync(file, 'w');
let pieces = '';

/** @param {string} line */
function write(line) {
  pieces += line;
  if (pieces.length > 1 << 20) flush();
}
function flush() {
  writeSync(output, pieces);
  pieces = '';
}

const server = () => {
  let seed = 7;
  const below = (/** @type {number} */ n) =>
    Math.floor(((seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff) * n);
  const words = [
    'storage',
    'network',
    'query',
    'index',
    'cache',
    'buffer',
    'session',
    'planner',
    'executor',
    'codec',
  ];
  const word = () => words[below(words.length)];
  const names = Array.from({ length: 3000 }, (_, i) => `${word()}::${word()}_${word()}${i}::run()`);
  const callees = names.map(() => Array.from({ length: 4 }, () => below(names.length)));
  for (let stack = 0; stack < 20_000; stack++) {
    const depth = 20 + below(21);
    const frames = [];
    let at = 0;
    for (let i = 0; i < depth; i++) {
      frames.push(names[at]);
      const chance = below(100);
      at =
        /** @type {number[]} */ (callees[at])[chance < 80 ? 0 : chance < 93 ? 1 : chance < 98 ? 2 : 3] ?? 0;
    }
    write(`${frames.join(';')} ${1 + Math.floor(20 / (below(1000) + 1))}\n`);
  }
};

/** @param {number} digits @param {(i: number, count: number) => number} order */
const many = (digits, order) => {
  const count = 10 ** digits;
  const names = Array.from({ length: digits }, (_, level) =>
    Array.from({ length: 10 }, (_, digit) => `level_${level}::function_${digit}()`),
  );
  for (let i = 0; i < count; i++) {
    const text = String(order(i, count)).padStart(digits, '0');
    let line = '';
    for (let level = 0; level < digits; level++)
      line += `${level ? ';' : ''}${names[level]?.[text.charCodeAt(level) - 48]}`;
    write(`${line} 1\n`);
  }
};

/** Generates functions with ten callees each, until there are this many boxes. @param {number} boxes */
const wide = (boxes) => {
  for (let i = 0; i < boxes; i++) {
    let line = '';
    for (let at = i; ; at = Math.floor((at - 1) / 10)) {
      line = `function_${at % 3000}::run()${line && ';'}${line}`;
      if (at === 0) break;
    }
    write(`${line} ${1 + ((i * 7919) % 13)}\n`);
  }
};

const [name, digits = '7'] = kind.split('=');
if (name === 'server') server();
else if (name === 'wide') wide(kind === 'wide' ? 255_000 : Number(digits));
else if (name === 'sorted') many(Number(digits), (i) => i);
else if (name === 'shuffled')
  many(Number(digits), (i, count) => Number((BigInt(i) * 7654321n) % BigInt(count)));
else throw new Error(`expected server, wide, sorted or shuffled, got ${kind}`);
flush();
closeSync(output);
