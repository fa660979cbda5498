/**
 * Matches a well-formed UTF-8 sequence beyond ASCII or else a single byte, in a string with one character per byte.
 */
const UTF8_OR_BYTE =
  /((?:[\xc2-\xdf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]))[\x80-\xbf])|[\x80-\xff]/g;
const ESCAPE = 0xdc00;
/**
 * Number of bytes to escape at once. V8 keeps all matches in memory, which takes a hundred bytes for each byte of
 * input.
 */
const PIECE = 65_536;

/**
 * Decodes bytes into a string without losing any of them, because file names need not be UTF-8. Each byte that is not
 * UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF (as in Python). Lone surrogates do not otherwise occur, and are
 * shown as replacement characters.
 */
export function textOfBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  if (!text.includes('\ufffd')) return text;
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length;) {
    let to = from + PIECE;
    // a character takes at most four bytes, of which all but the first are continuation bytes
    while (to < from + PIECE + 3 && (bytes[to]! & 0xc0) === 0x80) to++;
    pieces.push(escaped(bytes.subarray(from, to)));
    from = to;
  }
  return pieces.join('');
}

function escaped(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(UTF8_OR_BYTE, (byte, character: string | undefined) =>
      character === undefined
        ? String.fromCharCode(ESCAPE + byte.charCodeAt(0))
        : Buffer.from(character, 'latin1').toString(),
    );
}

/** Matches a byte that `textOfBytes` escaped. */
export const ESCAPED_BYTE: RegExp = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

/** Returns the byte that an escaped character stands for. */
export function escapedByte(character: string): number {
  return character.charCodeAt(0) - ESCAPE;
}
