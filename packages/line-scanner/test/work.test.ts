import { afterEach, describe, expect, it, vi } from 'vitest';
import { createScanner, Stop, type ScannerChoice } from '../src/index.ts';

const MIB = 1 << 20;
afterEach(() => vi.restoreAllMocks());

/**
 * Reads a line of `bytes` bytes in chunks. Counts the bytes that are moved, and the bytes that are searched for a line
 * end.
 */
function feed(
  choice: ScannerChoice,
  bytes: number,
  size: number,
  maxLineLength: number,
): { moved: number; searched: number; longLines: number } {
  let [moved, searched, longLines, most] = [0, 0, 0, 0];
  const { indexOf } = Uint8Array.prototype;
  vi.spyOn(Uint8Array.prototype, 'indexOf').mockImplementation(function (this: Uint8Array, value, from) {
    const found = indexOf.call(this, value, from);
    searched += found - (from ?? 0);
    return found;
  });
  const scanner = createScanner(
    { maxLineLength, maxLines: 1 << 10, addresses: false, blanks: false, marks: true },
    choice,
  );
  const push = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length;) {
      const base = scanner.base();
      const space = scanner.space();
      const capacity = space.length + scanner.pending();
      // pending bytes are moved when the buffer grows, and when the unread input is moved to the front of the buffer
      if (scanner.base() !== base || capacity > most * 1.5) moved += scanner.pending();
      most = Math.max(most, capacity);
      const piece = chunk.subarray(at, at + space.length);
      space.set(piece);
      scanner.advance(piece.length);
      at += piece.length;
      for (let stop = scanner.scan(); stop !== Stop.INPUT; stop = scanner.scan()) {
        if (stop === Stop.LONG_LINE) longLines++;
        scanner.clearTokens();
        scanner.skip();
      }
    }
  };
  const piece = new Uint8Array(size).fill(0x78);
  for (let at = 0; at < bytes; at += size) push(piece);
  push(new TextEncoder().encode('\n\t1\n 0x1 : a+0x1/0x2 [/p]\n\t1\n'));
  return { moved, searched, longLines };
}

describe.each(['reference', 'wasm'] as const)('the %s scanner', (choice) => {
  it('does not search an incomplete line anew when it grows, even if it reads known frames ahead', () => {
    const options = { maxLineLength: MIB, maxLines: 16, addresses: false, blanks: false, marks: true };
    const scanner = createScanner({ ...options, maxSymbols: 64 }, choice);
    /** Reads the text, and returns the number of tokens and where the text was written. */
    const push = (text: string): { tokens: number; space: Uint8Array } => {
      const space = scanner.space();
      scanner.advance(new TextEncoder().encodeInto(text, space).written);
      for (let stop = scanner.scan(); stop !== Stop.INPUT; stop = scanner.scan()) scanner.rememberSymbol(1);
      const tokens = scanner.tokenCount();
      scanner.clearTokens();
      return { tokens, space };
    };
    for (let i = 0; i < 40; i++) push(` 0x1 : f+0x${i}/0x99 [/l]\n`);
    const frame = ' 0x1 : f+0x77/0x99 [/l]';
    const { space } = push(`${frame}/m]`);
    // a line end where the scanner has searched before is seen only if it searches there again
    space[frame.length] = 10;
    expect(push('x').tokens).toBe(0);
    space[frame.length] = 0x2f;
    expect(push(']\n').tokens).toBe(1);
  });

  it.each([
    [64 * MIB, 64 << 10, MIB],
    [16 * MIB, 16 << 10, MIB],
    [16 * MIB, 16 << 10, 32 * MIB],
    [MIB >> 2, 1, MIB],
  ])(
    'moves and searches the bytes of a line only a few times (%i bytes in chunks of %i, with a limit of %i)',
    (bytes, size, limit) => {
      const { moved, searched, longLines } = feed(choice, bytes, size, limit);
      expect(moved).toBeLessThanOrEqual(bytes * 2 + (1 << 18));
      expect(searched).toBeLessThanOrEqual(bytes * 1.1 + (1 << 18));
      expect(longLines).toBe(bytes > limit ? 1 : 0);
    },
  );
});
