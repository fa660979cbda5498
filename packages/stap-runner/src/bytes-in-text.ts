/**
 * A byte of a file name that is not UTF-8, as text: byte 0x80 + n is the lone surrogate U+DC80 + n (Python does the
 * same). No other text holds those.
 */
const ESCAPED_BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const EACH_ESCAPED_BYTE = new RegExp(ESCAPED_BYTE, 'g');
const ESCAPE = 0xdc00;

/** Whether the text holds bytes that are not UTF-8; Node cannot pass those on as an argument. */
export function holdsBytes(text: string): boolean {
  return ESCAPED_BYTE.test(text);
}

/** The word with such bytes as the octal escapes of `printf %b`. */
export function printfEscaped(word: string): string {
  return word
    .replaceAll('\\', '\\\\')
    .replaceAll(EACH_ESCAPED_BYTE, (character) => `\\0${(character.charCodeAt(0) - ESCAPE).toString(8)}`);
}
