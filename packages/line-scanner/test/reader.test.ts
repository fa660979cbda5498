import { describe, expect, it } from 'vitest';
import { LineReader, Token, type ScannerChoice } from '../src/index.ts';

/** Returns the calls to a handler that remembers every line unless it contains `skip`. */
function read(texts: readonly string[], choice: ScannerChoice, size: number): readonly string[] {
  const seen: string[] = [];
  const lines: string[] = [];
  const options = { maxLineLength: 256, maxLines: 8, addresses: true, blanks: false, marks: false };
  const reader: LineReader = new LineReader(options, choice, {
    readTokens: (tokens, count) =>
      seen.push(...Array.from(tokens.subarray(0, count), (token) => lines[token]!)),
    readLine: (text) => {
      if (reader.atEnd) seen.push(`cut ${text}`);
      else if (text.includes('skip')) seen.push(`skipped ${text} at ${reader.offset}`);
      else return lines.push(text) - 1;
      return undefined;
    },
    readBroken: (reason) => seen.push(`${reason} at ${reader.offset}`),
  });
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      reader.space().set(piece);
      reader.advance(piece.length);
    }
    reader.endInput();
  }
  return [...seen, `${reader.bytes} bytes`];
}

describe.each(['reference', 'wasm'] as const)('a line reader with the %s scanner', (choice) => {
  it.each([1, 3, 61, 4099])(
    'returns known lines, asks about new lines and reports unreadable lines, in chunks of %i bytes',
    (size) => {
      const texts = [`a\nskip\na\n${'x'.repeat(300)}\nb\u0000\nb\nen`, 'a\n'];
      expect(read(texts, choice, size)).toEqual([
        'a',
        'skipped skip at 2',
        'a',
        'long-line at 9',
        'control-byte at 310',
        'b',
        'cut en',
        'a',
        '319 bytes',
      ]);
    },
  );

  it('returns all known lines, even if a chunk contains more of them than fit into the token buffer', () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => (n % 3 === 0 ? 'a' : 'b'));
    expect(read([`${lines.join('\n')}\n`], choice, 1 << 16).slice(0, -1)).toEqual(lines);
  });

  it('returns the right lines even after it has run out of room and forgotten all lines', () => {
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n % 20}`);
    expect(read([`${lines.join('\n')}\n`], choice, 7).slice(0, -1)).toEqual(lines);
  });
});

it('a line reader asks about a new event line, and from then on returns its token and period', () => {
  const asked: string[] = [];
  const tokens: number[] = [];
  const options = {
    maxLineLength: 256,
    maxLines: 8,
    addresses: true,
    blanks: false,
    marks: false,
    events: 'comm',
  } as const;
  const reader = new LineReader(options, 'reference', {
    readTokens: (read, count) => tokens.push(...read.subarray(0, count)),
    readEvent: (text) => asked.push(text),
    readLine: (text) => asked.push(text),
    readBroken: (reason) => asked.push(reason),
  });
  const bytes = new TextEncoder().encode('burn 7 1.5: 5 cycles:\nburn 8 1.6: 6 cycles:\n');
  reader.space().set(bytes);
  reader.advance(bytes.length);
  expect(asked).toEqual(['burn 7 1.5: 5 cycles:']);
  expect(tokens).toEqual([Token.EVENT, 1, 5, 0, Token.EVENT, 1, 6, 0]);
});

it.each(['reference', 'wasm'] as const)(
  'the %s scanner asks again about a line that it has forgotten',
  (choice) => {
    const asked: string[] = [];
    const options = { maxLineLength: 256, maxLines: 8, addresses: true, blanks: false, marks: false };
    const reader = new LineReader(options, choice, {
      readTokens: () => undefined,
      readLine: (text) => asked.push(text),
      readBroken: (reason) => asked.push(reason),
    });
    const read = (): void => {
      reader.space().set([0x61, 0x0a]);
      reader.advance(2);
    };
    read();
    read();
    expect(asked).toEqual(['a']);
    reader.forget();
    read();
    expect(asked).toEqual(['a', 'a']);
  },
);
