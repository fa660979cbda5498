/**
 * A byte of a file name that is not UTF-8, as text: byte 0x80 + n becomes the lone surrogate U+DC80 + n (as in Python).
 * No other text contains those.
 */
const ESCAPED_BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const EACH_ESCAPED_BYTE = new RegExp(ESCAPED_BYTE, 'g');
const ESCAPE = 0xdc00;

/** Whether the text contains such bytes; Node cannot pass those on as an argument. */
export function holdsBytes(text: string): boolean {
  return ESCAPED_BYTE.test(text);
}

/** The word with such bytes as octal escapes for `printf %b`. */
export function printfEscaped(word: string): string {
  return word
    .replaceAll('\\', '\\\\')
    .replaceAll(EACH_ESCAPED_BYTE, (character) => `\\0${(character.charCodeAt(0) - ESCAPE).toString(8)}`);
}
