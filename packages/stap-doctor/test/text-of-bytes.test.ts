import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ESCAPED_BYTE, escapedByte, textOfBytes } from '../src/text-of-bytes.ts';

/** Turns text from {@link textOfBytes} back into bytes. */
function bytesOf(text: string): Buffer {
  const parts = text.split(new RegExp(`(${ESCAPED_BYTE.source})`, 'u'));
  return Buffer.concat(
    parts.map((part, at) => (at % 2 === 0 ? Buffer.from(part) : Buffer.of(escapedByte(part)))),
  );
}

describe('the text of bytes', () => {
  it('is UTF-8 where the bytes are UTF-8, and otherwise one lone surrogate for each byte', () => {
    expect(textOfBytes(Buffer.from('naïve 😀'))).toBe('naïve 😀');
    expect(textOfBytes(Buffer.from('c3a9ffc3f09f9880f09f98', 'hex'))).toBe(
      'é\udcff\udcc3😀\udcf0\udc9f\udc98',
    );
  });

  it('contains every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(bytesOf(textOfBytes(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(['é', '€', '😀', '\u{10ffff}'])('does not split a character in a long input: %s', (character) => {
    const [bytes, odd] = [Buffer.from(character), Buffer.of(0xff)];
    for (let before = 65_530; before <= 65_540; before++) {
      const text = textOfBytes(Buffer.concat([odd, Buffer.alloc(before, 'a'), bytes, bytes, odd]));
      expect(text.slice(before + 1)).toBe(`${character}${character}\udcff`);
    }
  });

  it('keeps every byte of a long input that consists only of continuation bytes', () => {
    const bytes = Buffer.alloc(200_000, 0x80);
    expect(textOfBytes(bytes)).toBe('\udc80'.repeat(200_000));
  });
});
