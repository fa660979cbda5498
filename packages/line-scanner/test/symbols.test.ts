import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner, Stop, Token, type ScannerChoice } from '../src/index.ts';
import { Plain, PlainFrameReader } from '../src/plain-frame.ts';
import { scanAll } from './scan.ts';

const CHOICES = ['reference', 'wasm'] as const;
const encoder = new TextEncoder();

interface Read {
  /** One token for each line. */
  readonly tokens: readonly number[];
  readonly asked: number;
}

interface Sizes {
  readonly maxSymbols: number;
  readonly maxLines: number;
  readonly maxLineLength?: number;
  /** Maximum number of bytes that are read at once. */
  readonly chunk?: number;
}

/** A frame without a symbol, whose address is printed twice. */
const NAMELESS = /^ 0x([0-9a-f]+) : 0x\1 (\[.*\])$/;

/**
 * Reads lines in two parts, with a restart in between, and gives a number to each symbol, each offset in a module, and
 * each other line.
 */
function readSymbols(
  lines: readonly string[],
  choice: ScannerChoice,
  { chunk = Infinity, ...sizes }: Sizes,
): Read {
  const scanner = createScanner(
    { maxLineLength: 256, addresses: false, blanks: false, marks: false, ...sizes },
    choice,
  );
  const plain = new PlainFrameReader();
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    numbers.set(text, numbers.get(text) ?? numbers.size + 1);
    return numbers.get(text)!;
  };
  const tokens: number[] = [];
  let asked = 0;
  const half = Math.floor(lines.length / 2);
  for (const part of [lines.slice(0, half), lines.slice(half)]) {
    const bytes = encoder.encode(part.map((line) => `${line}\n`).join(''));
    for (let at = 0; at < bytes.length;) {
      const space = scanner.space();
      const piece = bytes.subarray(at, at + Math.min(space.length, chunk));
      space.set(piece);
      scanner.advance(piece.length);
      at += piece.length;
      for (let stop = scanner.scan(); ; stop = scanner.scan()) {
        tokens.push(...scanner.tokens.subarray(0, scanner.tokenCount()));
        scanner.clearTokens();
        if (stop === Stop.INPUT) break;
        if (stop !== Stop.LINE) continue;
        asked++;
        const line = scanner.line();
        const kind = plain.read(line);
        const symbol = new TextDecoder().decode(line.subarray(plain.from, plain.to));
        const text = new TextDecoder().decode(line);
        const place = NAMELESS.exec(text)?.[2];
        if (kind !== Plain.NONE) scanner.rememberSymbol(numberOf(`${kind} ${symbol}`));
        else if (place === undefined) scanner.rememberWhole(numberOf(text));
        else scanner.remember(numberOf(place));
      }
    }
    // what is remembered stays
    scanner.restart();
  }
  return { tokens: tokens.map((token) => token & ~Token.SAME_ADDRESS), asked };
}

/** Returns the tokens expected for the lines. They do not depend on what the scanner remembers. */
function expected(lines: readonly string[]): number[] {
  const plain = new PlainFrameReader();
  const numbers = new Map<string, number>();
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const bytes = encoder.encode(line);
      const kind = plain.read(bytes);
      const text = new TextDecoder().decode(bytes.subarray(plain.from, plain.to));
      const key = kind === Plain.NONE ? (NAMELESS.exec(line)?.[2] ?? line) : `${kind} ${text}`;
      numbers.set(key, numbers.get(key) ?? numbers.size + 1);
      return numbers.get(key)!;
    });
}

const piece = fc.constantFrom(
  ' ',
  '0x',
  ' : ',
  '+0x',
  '/0x',
  ' [',
  ']',
  '[',
  '+',
  'kernel',
  'stap_1',
  'f',
  '7',
  'a',
  '\u00e9',
  '\u007f',
);
const frame = fc
  .tuple(
    fc.constantFrom('0x40', '0xffffffff810000'),
    fc.nat(40),
    fc.nat(60),
    fc.nat(3),
    fc.constantFrom('/l', 'kernel', 'stap_12'),
  )
  .map(
    ([base, at, name, offset, module]) =>
      ` ${base}${(at + 16).toString(16)} : function_${name}+0x${offset}/0x9 [${module}]`,
  );
const nameless = fc
  .tuple(fc.constantFrom('0x40', '0xffffffff810000'), fc.nat(40), fc.nat(60))
  .map(([base, at, offset]) => [`${base}${(at + 16).toString(16)}`, offset] as const)
  .map(([address, offset]) => ` ${address} : ${address} [/l+0x${offset}]`);
const line = fc.oneof(
  { weight: 8, arbitrary: frame },
  { weight: 4, arbitrary: nameless },
  { weight: 1, arbitrary: fc.array(piece, { maxLength: 14 }).map((pieces) => ` 0x1 : f${pieces.join('')}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('text', ' 0x0 : f+0x1/0x2 [/a]', ' 0x1', '\t0x5 : f+0x1/0x2 [/a]'),
  },
);
const sizes = fc.record({
  maxSymbols: fc.constantFrom(0, 1, 8, 16, 64, 4096),
  maxLines: fc.integer({ min: 8, max: 40 }),
  chunk: fc.constantFrom(60, 700, Infinity),
});

/** Nearly always the first value, so that most lines stay plain frames. */
const mostly = (usual: string, ...others: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const HIGH = ['ffffffff81000010', 'ffffffff81000011'];
/** Plain frames at few addresses, so that an address follows itself, and lines that are nearly plain frames. */
const nearlyPlain = fc
  .tuple(
    fc.constantFrom('7', '12', '9f', ...HIGH, '0', '', '7fffffff81000010', '8'.repeat(17)),
    mostly(' : ', ' :  ', ' '),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('f', 'g', 'h', 'i') },
      { weight: 1, arbitrary: fc.constantFrom('g+0x1/0x2', 'f+', 'f/', '+0x1', '', 'f'.repeat(230), '0xf') },
    ),
    fc.nat(99).map((n) => `+0x${n}`),
    mostly('/0x2', '/0x', '/1x2', '+0x2', '/0x2/0x3', '/0xg', ''),
    mostly(' [/l]', ' [kernel]', ' [stap_1]', ' [/l+0x1]', ' [/l] ', ' []', ' [', ''),
    mostly('\n', '\r\n'),
  )
  .map(([address, colon, ...rest]) => ` 0x${address}${colon}${rest.join('')}`);
const frames = fc.array(nearlyPlain, { minLength: 20, maxLength: 40, size: 'max' });

it('the WebAssembly scanner, which reads lines ahead, returns the same tokens as the plain scanner', () => {
  // The scanner reads ahead as long as no new line takes the room of the others, so a few lines have to recur.
  const order = fc.array(fc.oneof(fc.nat(39), fc.constantFrom('\t5\n', '\t\n')), {
    maxLength: 200,
    size: 'max',
  });
  fc.assert(
    fc.property(frames, order, sizes, (lines, places, { chunk, ...given }) => {
      const again = places.map((place) => (typeof place === 'string' ? place : lines[place % lines.length]!));
      const text = [...lines, ...again, ...again].join('');
      const options = { ...given, maxSymbols: Math.max(given.maxSymbols, 1), maxLineLength: 256 };
      const { seen } = scanAll(text, { choice: 'wasm', size: chunk, options });
      expect(seen).toEqual(scanAll(text, { options }).seen);
    }),
  );
});

describe.each(CHOICES)('remembering symbols with the %s scanner', (choice) => {
  it('returns the right token for each line, even if only a few lines and symbols are remembered', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300, size: 'max' }), sizes, (lines, given) => {
        expect(readSymbols(lines, choice, given).tokens).toEqual(expected(lines));
      }),
    );
  });

  it('recognises new lines in known functions, at any address and offset', () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => ` 0x${(i + 1).toString(16)} : f${i % 100}+0x${i}/0x9999 [/l]`,
    );
    const given = { maxSymbols: 1 << 10, maxLines: 16 };
    expect(readSymbols(lines, choice, given)).toEqual({ tokens: expected(lines), asked: 100 });
  });

  it('returns a token for each line, even if it is given more lines at once than it has room for tokens', () => {
    // after a long line, the scanner has room for a megabyte at once
    const frames = Array.from({ length: 40_001 }, (_, i) => ` 0x1 : f+0x${i}/0x99999 [/l]`);
    const lines = ['x'.repeat(600_000), ...frames];
    const given = { maxSymbols: 64, maxLines: 16, maxLineLength: 1 << 20 };
    const { tokens } = readSymbols([...lines, ...frames], choice, given);
    expect(tokens).toEqual([1, ...frames.map(() => 2), ...frames.map(() => 2)]);
  });

  it('rarely asks again about a frame without a symbol', () => {
    const lines = Array.from(
      { length: 5000 },
      (_, i) => ` 0x${(i + 1).toString(16)} : 0x${(i + 1).toString(16)} [/l+0x${i % 100}]`,
    );
    const { tokens, asked } = readSymbols(lines, choice, { maxSymbols: 1 << 10, maxLines: 16 });
    expect(tokens).toEqual(expected(lines));
    // the first lines are remembered by their text, and forgotten when they become rare
    expect(asked).toBeLessThanOrEqual(100 + 16 * 20);
  });

  it('asks again about only a few symbols, unless there are more than it can remember', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => ` 0x1 : f${i % 1000}+0x${i}/0x9999 [/l]`);
    const { tokens, asked } = readSymbols(lines, choice, { maxSymbols: 64, maxLines: 16 });
    expect(tokens).toEqual(expected(lines));
    expect(asked).toBeGreaterThan(1000);
    // The hash key is random, so the number of displaced symbols varies. In one run of 300, two full sets displace each
    // other's symbols, which takes 140 more questions; in practice, this does not happen four times in one run.
    const most = lines.map((line) => line.replace(/f(\d+)/, (_, number) => `f${Number(number) % 700}`));
    expect(readSymbols(most, choice, { maxSymbols: 1 << 10, maxLines: 16 }).asked).toBeLessThan(1200);
  });

  it('reports a line that is too long even if it knows its symbol', () => {
    const frames = Array.from({ length: 40 }, (_, i) => ` 0x1 : f+0x${i}/0x99 [/l]\n`).join('');
    const text = `${frames} 0x1 : f+0x0/0x99 [/${'l'.repeat(40)}]\n`;
    const options = { maxSymbols: 64, maxLines: 16, maxLineLength: 40 };
    expect(scanAll(text, { choice, options }).seen.slice(-2)).toEqual([
      `long line at ${frames.length}`,
      '0 pending',
    ]);
  });

  it('distinguishes symbols that differ in one byte, at any length and position', () => {
    const lengths = [...Array.from({ length: 36 }, (_, i) => i + 1), 255, 256, 257, 300];
    const symbols = lengths.flatMap((length) =>
      Array.from({ length }, (_, at) => `${'a'.repeat(at)}b${'a'.repeat(length - at - 1)}`),
    );
    const frames = symbols.map((symbol) => ` 0x40 : ${symbol}+0x1/0x2 [/l]`);
    const lines = [...frames, ...frames];
    const given = { maxSymbols: 1 << 14, maxLines: 16, maxLineLength: 512 };
    expect(readSymbols(lines, choice, given).tokens).toEqual(expected(lines));
  });

  it('finds the offset and size of a frame even if they are longer than in practice', () => {
    const zeros = '0'.repeat(30);
    const lines = ['0x1/0x2', `0x${zeros}/0x3`, `0x4/0x${zeros}`, `0x${zeros}/0x${zeros}`].map(
      (offset) => ` 0x40 : operator/0x2+f+${offset} [/l]`,
    );
    expect(readSymbols(lines, choice, { maxSymbols: 64, maxLines: 1 }).tokens).toEqual([1, 1, 1, 1]);
  });

  it('distinguishes symbols that have the same name in the kernel and in a program', () => {
    const lines = [
      ' 0x40 : f+0x1/0x2 [/l]',
      ' 0xffffffff81000010 : f+0x1/0x2 [xfs]',
      ' 0x41 : f+0x2/0x3 [/l]',
    ];
    expect(readSymbols(lines, choice, { maxSymbols: 64, maxLines: 16 })).toEqual({
      tokens: [1, 2, 1],
      asked: 2,
    });
  });

  it('recognises a line without an address even if there is no room for lines in known functions', () => {
    const frames = Array.from({ length: 40 }, (_, i) => ` 0x40 : f+0x${i + 1}/0x99 [/l]`);
    const lines = ['text', ...frames, 'text'];
    expect(readSymbols(lines, choice, { maxSymbols: 64, maxLines: 16 })).toEqual({
      tokens: [1, ...frames.map(() => 2), 1],
      asked: 2,
    });
  });

  it('recognises a plain frame at address 0 only by its whole line, because no code is at address 0', () => {
    const lines = [' 0x0 : f+0x1/0x2 [/l]', ' 0x0 : f+0x2/0x2 [/l]', ' 0x0 : f+0x1/0x2 [/l]'];
    expect(readSymbols(lines, choice, { maxSymbols: 64, maxLines: 16 })).toEqual({
      tokens: [1, 1, 1],
      asked: 2,
    });
  });
});

it('both scanners agree on which lines are plain frames', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const given = { maxSymbols: 4096, maxLines: 4096 };
      expect(readSymbols(lines, 'wasm', given)).toEqual(readSymbols(lines, 'reference', given));
    }),
  );
});
