// @ts-check
// Compares our stacks with the results that FlameGraph and inferno keep next to their test data:
//
//     node tools/goldens/compare.mjs FLAMEGRAPH INFERNO
//
// FLAMEGRAPH and INFERNO are directories with copies of these projects, which this repository does not contain. Build
// the parsers first. Prints each result that differs from ours, with both sides, and the number of equal results.
// Differences that the parsers' READMEs list are removed first (see `sameForm` and `withoutLastSample`).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** @typedef {{ space(): Uint8Array, advance(length: number): void, endInput(): void, take(): Iterable<Iterable<{ frames: readonly { label: string }[], count: number }>> }} Parser */

const DtraceParser = await built('dtrace-parser', 'DtraceParser');
const PerfParser = await built('perf-parser', 'PerfParser');
const [flameGraph, inferno] = process.argv.slice(2);
if (flameGraph === undefined || inferno === undefined)
  throw new Error('expected FLAMEGRAPH INFERNO, two directories');

/** The perf parser's options, by the suffix of a result's file name. @type {Record<string, object>} */
const PERF_OPTIONS = {
  pid: { root: 'process' },
  tid: { root: 'thread' },
  kernel: { label: { kernel: true } },
  jit: { label: { jit: true } },
  all: { label: { kernel: true, jit: true } },
  addrs: { label: { address: true } },
  '': {},
};
/** Escapes in Rust names, and what they stand for. @type {Record<string, string>} */
const RUST = {
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
  BP: '*',
  RF: '&',
  C: ',',
  u20: ' ',
  u27: "'",
  u7b: '{',
  u7d: '}',
  u5b: '[',
  u5d: ']',
};
const shown = 4;
let equal = 0;
let all = 0;

for (const results of [join(flameGraph, 'test/results'), join(inferno, 'tests/data/collapse-perf/results')]) {
  for (const name of readdirSync(results)) {
    const [, test = '', kind = ''] = /^(.*)-collapsed(?:-(\w+))?\.txt$/.exec(name) ?? [];
    compare(join(results, name), `${test}.txt`, new PerfParser({ root: 'comm', ...PERF_OPTIONS[kind] }));
  }
}
const dtrace = join(inferno, 'tests/data/collapse-dtrace/results');
for (const name of readdirSync(dtrace).filter((file) => file.endsWith('.txt'))) {
  const [, test = '', offsets] = /^(.*?)(-offsets)?\.txt$/.exec(name) ?? [];
  const hasOffsets = offsets !== undefined || test === 'flamegraph-bug';
  const parser = new DtraceParser({ label: { offset: hasOffsets } });
  compare(
    join(dtrace, name),
    test === 'dtrace-example' ? 'example-dtrace-stacks.txt' : `${test}.txt`,
    parser,
  );
}
console.log(`${equal} of ${all} equal`);

/**
 * @param {string} result
 * @param {string} input
 * @param {Parser} parser
 */
function compare(result, input, parser) {
  const places = [
    join(result, '../..', input),
    join(flameGraph, 'test', input),
    join(flameGraph, input),
    join(flameGraph, `${input}.gz`),
  ];
  const file = places.find((place) => existsSync(place));
  all++;
  if (file === undefined) return console.log(`${basename(result)}: ${input} was not found`);
  const bytes = file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file);
  const ours = fold(result.startsWith(flameGraph) ? withoutLastSample(bytes) : bytes, parser);
  /** @type {Map<string, number>} */
  const theirs = new Map();
  for (const line of readFileSync(result, 'utf8').trimEnd().split('\n')) {
    const end = line.lastIndexOf(' ');
    if (end > 0) add(theirs, line.slice(0, end), Number(line.slice(end + 1)));
  }
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (stack) => ours.get(stack) !== theirs.get(stack),
  );
  if (differing.length === 0) equal++;
  else {
    console.log(`${basename(result)}: ${differing.length} lines differ, of ${theirs.size}`);
    for (const stack of differing.slice(0, shown))
      console.log(`  ours ${ours.get(stack) ?? '-'}, theirs ${theirs.get(stack) ?? '-'}: ${stack}`);
  }
}

/**
 * Returns the stacks, root first, and their weights.
 *
 * @param {Uint8Array} bytes
 * @param {Parser} parser
 */
function fold(bytes, parser) {
  /** @type {Map<string, number>} */
  const folded = new Map();
  const take = () => {
    for (const batch of parser.take())
      for (const { frames, count } of batch)
        add(
          folded,
          frames
            .map(({ label }) => label)
            .toReversed()
            .join(';'),
          count,
        );
  };
  for (let at = 0; at < bytes.length;) {
    const space = parser.space();
    const part = bytes.subarray(at, at + space.length);
    space.set(part);
    parser.advance(part.length);
    at += part.length;
    take();
  }
  parser.endInput();
  take();
  return folded;
}

/**
 * @param {Map<string, number>} folded
 * @param {string} stack
 * @param {number} count
 */
function add(folded, stack, count) {
  const form = stack.split(';').map(sameForm).join(';');
  folded.set(form, (folded.get(form) ?? 0) + count);
}

/**
 * Removes intended differences from a label: quotation marks, which FlameGraph drops; vDSO and BPF marks; Java's `L`,
 * which FlameGraph keeps if the root has a number; Rust names that perf demangled only partly; a frame that has only a
 * module, which is a space in FlameGraph's results.
 *
 * @param {string} label
 */
function sameForm(label) {
  return label
    .replace(/^(bpf_prog_.*|__vdso_.*|\[\[?vdso\]?.*)_\[k\]$/, '$1')
    .replace(/^L(?=[^: ]*\/)/, '')
    .replace(/::h[0-9a-f]{16}(?=_\[k\]|$)/, '')
    .replaceAll(/\$(LT|GT|LP|RP|RF|BP|C|u20|u27|u7b|u7d|u5b|u5d)\$/g, (_, code) => RUST[code] ?? '')
    .replaceAll(/(?<=[<\w&>])\.\.(?=[\w<{])/g, '::')
    .replace(/^((?:[^`]*`)?)_(?=[<{])/, '$1')
    .replaceAll(/["']/g, '')
    .replace(/^(?: |\[libc-2\.15\.so(?: <\w+>)?\])$/, '[module]');
}

/**
 * Returns perf's output up to its last blank line, because FlameGraph omits the last sample if no blank line follows it.
 *
 * @param {Uint8Array} bytes
 */
function withoutLastSample(bytes) {
  return bytes.subarray(0, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('\n\n') + 2);
}

/**
 * Loads a parser from a built package by path, so that the tools need not depend on the package.
 *
 * @param {string} name
 * @param {string} parser
 * @returns {Promise<new (options: object) => Parser>}
 */
async function built(name, parser) {
  const { href } = new URL(`../../packages/${name}/dist/index.js`, import.meta.url);
  /** @type {Record<string, new (options: object) => Parser>} */
  const exported = await import(href);
  const found = exported[parser];
  if (found === undefined) throw new Error(`${name} does not export ${parser}`);
  return found;
}
