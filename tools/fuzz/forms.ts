import { deepStrictEqual } from 'node:assert/strict';
import { TraceParser, type ParserOptions } from '@stapflame/stap-parser';
import fc from 'fast-check';
import { inPieces } from './attempt.ts';

/**
 * Traces in known formats, with white space as found in practice, and the stacks that they were made from. Here, a
 * result is compared with the intended one, not with another scanner's.
 */

/** A line of a record, and its label. */
interface Line {
  readonly text: string;
  readonly label: string;
  /** Whether it has one of SystemTap's frame formats. */
  readonly isFrame: boolean;
}

interface MadeRecord {
  readonly host: number;
  readonly lines: readonly Line[];
  readonly count: number;
}

/** How the samples of a trace are separated. */
type Division = 'counts' | 'lines' | 'counts behind' | 'counts before';

const SEPARATORS: Readonly<Record<Division, RegExp | undefined>> = {
  counts: undefined,
  lines: /^-+$/,
  'counts behind': /^(\d+) leaked at:$/,
  'counts before': /^-+ (\d+) -+$/,
};

/** A trace, the options for reading it, and its stacks, root first. */
export interface FormedTrace {
  readonly text: string;
  readonly options: ParserOptions;
  readonly cut: number;
  readonly stacks: readonly string[];
}

const blanks = fc.constantFrom(' ', ' ', '', '  ', '    ', '        ', '\t', '\t ');
/** Without TAB: a bare address after a TAB may be a damaged count, and an unrecognised line after a TAB is one. */
const spaces = fc.constantFrom(' ', ' ', '', '  ', '    ');
const beforeCount = fc.constantFrom('\t', '\t', '        ', '\t  ');
const afterCount = fc.constantFrom('', '', ' ', '\t');
/** Only a few names, so that many lines differ only in their addresses. */
const symbol = fc.constantFrom('main', 'operator+(a, b)', '_ZN1aC2Ev', 'f@GLIBC_2.2.5', 'read [x] at y');
const module = fc.constantFrom('xfs', 'libstdc++.so.6.0.30', 'a b.so');
const torn = fc.constantFrom('[xfs', '<elided>', ': f', '[a] [b]');

/** An address that no other line of the record has: two lines with the same address may be taken for one frame. */
const address = fc
  .record({ isKernel: fc.boolean(), digits: fc.nat(0xffff) })
  .map(({ isKernel, digits }) => ({ isKernel, digits }));

type Form = (
  address: string,
  symbol: string,
  module: string,
) => { readonly text: string; readonly label: string };

const NAMED: readonly Form[] = [
  (at, name, file) => ({ text: `${at} : ${name}+0x1/0x2 [/lib/${file}]`, label: name }),
  (at, name, file) => ({ text: `${at} : ${name}+0x1/0x2 [${file}] (inexact)`, label: name }),
  (at, name, file) => ({ text: `${at} : ${name}+0x1/0x2 at f.c:3 [${file}]`, label: name }),
  (at, name) => ({ text: `${at} : ${name}+0x1/0x2`, label: name }),
  (_, name, file) => ({ text: `${name}+0x1 [${file}]`, label: name }),
];
const NAMELESS: readonly Form[] = [
  (at, _, file) => ({ text: `${at} [${file}]`, label: `[${file}]` }),
  (at, _, file) => ({ text: `${at} [${file}] (inexact)`, label: `[${file}]` }),
  (at, _, file) => ({ text: `${at} [/lib/${file}+0x1/0x2]`, label: `[${file}]` }),
  (at, _, file) => ({ text: `${at} : ${at} [/lib/${file}+0x1/0x0]`, label: `[${file}]` }),
  (at, _, file) => ({ text: `${at} [${file}+0x1/0x2] at f.c:3`, label: `[${file}]` }),
];
const BARE: readonly Form[] = [
  (at) => ({ text: at, label: '[unknown]' }),
  (at) => ({ text: `${at} : ${at}`, label: '[unknown]' }),
];

/** Makes a line once its position in the record is known. */
type Draft = (position: number) => Line;

const frame: fc.Arbitrary<Draft> = fc
  .record({
    address,
    symbol,
    module,
    form: fc.oneof(
      fc.record({ write: fc.constantFrom(...NAMED, ...NAMELESS), space: blanks }),
      fc.record({ write: fc.constantFrom(...BARE), space: spaces }),
    ),
  })
  .map(({ address: { isKernel, digits }, symbol, module, form: { write, space } }) => (position) => {
    const at = `0x${isKernel ? 'ffffffff8' : '7f'}${((position << 16) + digits).toString(16).padStart(7, '0')}`;
    const { text, label } = write(at, symbol, module);
    return { text: `${space}${text}`, label, isFrame: true };
  });

/** An unrecognised line: all of its bytes are its name. */
const other: fc.Arbitrary<Draft> = fc
  .record({ digits: fc.constantFrom('1111', '2222', '3333'), torn, space: spaces })
  .map(({ digits, torn, space }) => () => {
    const text = `0x${digits} ${torn}`;
    return { text: `${space}${text}`, label: text, isFrame: false };
  });

const record: fc.Arbitrary<MadeRecord> = fc
  .record({
    host: fc.nat(2),
    head: fc.array(other, { maxLength: 2 }),
    leaf: frame,
    rest: fc.array(fc.oneof({ weight: 2, arbitrary: frame }, { weight: 1, arbitrary: other }), {
      maxLength: 6,
    }),
    count: fc.integer({ min: 1, max: 300 }),
  })
  .map(({ host, head, leaf, rest, count }) => ({
    host,
    count,
    lines: [...head, leaf, ...rest].map((draft, position) => draft(position)),
  }));

/** Returns a record's stack. Lines before the first frame belong to its root end. */
function stackOf({ lines }: MadeRecord): readonly string[] {
  const first = lines.findIndex(({ isFrame }) => isFrame);
  const labels = lines.map(({ label }) => label.replaceAll(';', ':'));
  return [...labels.slice(0, first), ...labels.slice(first).reverse()];
}

function divided(
  { lines, count }: MadeRecord,
  division: Division,
  before: string,
  after: string,
): readonly string[] {
  const text = lines.map((line) => line.text);
  switch (division) {
    case 'counts':
      return [...text, `${before}${count}${after}`];
    case 'lines':
      return [...text, '-----'];
    case 'counts behind':
      return [...text, `${count} leaked at:`, ''];
    case 'counts before':
      return [`---- ${count} ----`, ...text];
  }
}

/** Mixes the lines of several hosts according to `choices`. Each host's lines keep their order. */
function mixed(lines: readonly (readonly string[])[], choices: readonly number[]): readonly string[] {
  const queues = lines.map((each, host) => each.map((line) => `${host}: ${line}`));
  const order: string[] = [];
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const waiting = queues.filter((queue) => queue.length > 0);
    order.push(waiting[choices[turn % choices.length]! % waiting.length]!.shift()!);
  }
  return order;
}

export const formedTraces: fc.Arbitrary<FormedTrace> = fc
  .record({
    records: fc.array(record, { minLength: 1, maxLength: 8 }),
    division: fc.constantFrom<Division>('counts', 'counts', 'lines', 'counts behind', 'counts before'),
    isPrefixed: fc.boolean(),
    choices: fc.array(fc.nat(2), { minLength: 1, maxLength: 9 }),
    before: beforeCount,
    after: afterCount,
    lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
    cut: fc.constantFrom(1, 2, 3, 7, 61),
  })
  .map(({ records, division, isPrefixed: asked, choices, before, after, lineEnd, cut }) => {
    // a prefixed line is not a separator, and a separator without a prefix would belong to no host
    const isPrefixed = asked && division === 'counts';
    const linesOf = (each: MadeRecord): readonly string[] => divided(each, division, before, after);
    const hosts = [0, 1, 2].map((host) => records.filter((each) => each.host === host));
    const lines = isPrefixed
      ? mixed(
          hosts.map((each) => each.flatMap(linesOf)),
          choices,
        )
      : records.flatMap(linesOf);
    const separator = SEPARATORS[division];
    return {
      text: lines.map((line) => `${line}${lineEnd}`).join(''),
      options: { hostFrames: true, ...(separator && { separator }) },
      cut,
      stacks: (isPrefixed ? hosts.flat() : records).map((each) => {
        const root = isPrefixed ? [`host ${each.host}`] : [];
        return `${[...root, ...stackOf(each)].join(';')} ${division === 'lines' ? 1 : each.count}`;
      }),
    };
  });

/**
 * Reads the trace with both scanners, whole and in pieces, with small tables, and compares the stacks with the intended
 * ones.
 */
export function checkFormedTrace({ text, options, cut, stacks }: FormedTrace): void {
  const bytes = new TextEncoder().encode(text);
  const meant = stacks.toSorted();
  for (const [scanner, frames, size] of [
    ['wasm', 'whole', Infinity],
    ['wasm', 'labels', cut],
    ['reference', 'whole', cut],
  ] as const) {
    const parser = new TraceParser({ maxTableFrames: 16, ...options, scanner, frames });
    const read: string[] = [];
    const take = (): void => {
      for (const batch of parser.take())
        for (const { frames, count } of batch)
          read.push(
            `${Array.from(frames, ({ label }) => label)
              .reverse()
              .join(';')} ${count}`,
          );
    };
    inPieces(bytes, size, (piece) => {
      parser.push(piece);
      take();
    });
    parser.endInput();
    take();
    deepStrictEqual(read.toSorted(), meant);
    deepStrictEqual(parser.summary().damaged, 0);
  }
}
