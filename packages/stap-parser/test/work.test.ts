import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadTokenizer, TraceParser, type ScannerChoice, type Tokenizer } from '../src/index.ts';

const MIB = 1 << 20;
afterEach(() => vi.restoreAllMocks());

/** A tokenizer that counts the bytes it moves: those that are pending when its input moves down or grows. */
function counted(
  scanner: ScannerChoice,
  work: { moved: number },
): ConstructorParameters<typeof TraceParser>[1] {
  return (options) => {
    const tokenizer: Tokenizer = loadTokenizer(scanner)(options);
    const space = tokenizer.space.bind(tokenizer);
    let size = 0;
    tokenizer.space = () => {
      const base = tokenizer.base();
      const view = space();
      const capacity = view.length + tokenizer.pending();
      if (tokenizer.base() !== base || capacity > size * 1.5) work.moved += tokenizer.pending();
      size = Math.max(size, capacity);
      return view;
    };
    return tokenizer;
  };
}

/** Feeds `bytes` of one line in chunks. */
function feed(
  scanner: ScannerChoice,
  bytes: number,
  chunk: number,
  maxLineLength: number,
): { moved: number; searched: number; damaged: number } {
  const work = { moved: 0 };
  let searched = 0;
  const { indexOf } = Uint8Array.prototype;
  vi.spyOn(Uint8Array.prototype, 'indexOf').mockImplementation(function (this: Uint8Array, value, from) {
    const found = indexOf.call(this, value, from);
    searched += found - (from ?? 0);
    return found;
  });
  const parser = new TraceParser({ maxLineLength }, counted(scanner, work));
  const piece = new Uint8Array(chunk).fill(0x78);
  for (let at = 0; at < bytes; at += chunk) parser.push(piece);
  parser.push(Buffer.from('\n\t1\n 0x1 : a+0x1/0x2 [/p]\n\t1\n'));
  parser.endInput();
  return { ...work, searched, damaged: parser.summary().damaged };
}

describe.each(['reference', 'wasm'] as const)('the %s scanner', (scanner) => {
  it.each([
    [64 * MIB, 64 << 10, MIB],
    [16 * MIB, 16 << 10, MIB],
    [16 * MIB, 16 << 10, 32 * MIB],
    [MIB >> 2, 1, MIB],
  ])(
    'moves and searches a line of %i bytes in chunks of %i a few times at most (limit %i)',
    (bytes, chunk, limit) => {
      const { moved, searched, damaged } = feed(scanner, bytes, chunk, limit);
      expect(moved).toBeLessThanOrEqual(bytes * 2 + (1 << 18));
      expect(searched).toBeLessThanOrEqual(bytes * 1.1 + (1 << 18));
      expect(damaged).toBe(bytes > limit ? 1 : 0);
    },
  );
});

it('reads a record of a million frames in one pass, and counts it as damaged over the limit', () => {
  for (const scanner of ['reference', 'wasm'] as const) {
    const parser = new TraceParser({}, loadTokenizer(scanner));
    parser.push(
      Buffer.from(`${' 0x1 : a+0x1/0x2 [/p]\n'.repeat(1_000_000)}\t3\n 0x1 : a+0x1/0x2 [/p]\n\t1\n`),
    );
    parser.endInput();
    expect(parser.summary()).toMatchObject({
      records: 2,
      whole: 1,
      damaged: 1,
      damagedWeight: 3,
      damage: [{ offset: 0, reason: 'long-record' }],
    });
  }
});
