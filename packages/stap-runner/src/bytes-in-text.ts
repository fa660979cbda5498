/**
 * Matches the representation of a byte that is not valid UTF-8, in a string made from a file name. The byte 0x80 + n is
 * represented by the lone surrogate U+DC80 + n, as in Python; such lone surrogates do not otherwise occur.
 */
const ESCAPED_BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const EACH_ESCAPED_BYTE = new RegExp(ESCAPED_BYTE, 'g');
const ESCAPE = 0xdc00;

/** Whether the string represents bytes that are not valid UTF-8. Node cannot pass such bytes in an argument. */
export function holdsBytes(text: string): boolean {
  return ESCAPED_BYTE.test(text);
}

/** Writes bytes that are not valid UTF-8 as octal escapes, for `printf %b`. */
export function printfEscaped(word: string): string {
  return word
    .replaceAll('\\', '\\\\')
    .replaceAll(EACH_ESCAPED_BYTE, (character) => `\\0${(character.charCodeAt(0) - ESCAPE).toString(8)}`);
}
