/** Well-formed UTF-8 beyond ASCII, each byte as one character; or a byte that is not UTF-8. */
const UTF8_OR_BYTE =
  /((?:[\xc2-\xdf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]))[\x80-\xbf])|[\x80-\xff]/g;
const ESCAPE = 0xdc00;

/**
 * Bytes as a string that keeps all of them, since file names need not be UTF-8. Each byte that is not UTF-8 becomes a
 * lone surrogate, U+DC80 to U+DCFF (as in Python). No other text contains those, and they are shown as replacement
 * characters.
 */
export function textOfBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  if (!text.includes('\ufffd')) return text;
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(UTF8_OR_BYTE, (byte, character: string | undefined) =>
      character === undefined
        ? String.fromCharCode(ESCAPE + byte.charCodeAt(0))
        : Buffer.from(character, 'latin1').toString(),
    );
}

/** An escaped byte in such a string. */
export const ESCAPED_BYTE: RegExp = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

/** The byte that such a character stands for. */
export function escapedByte(character: string): number {
  return character.charCodeAt(0) - ESCAPE;
}
