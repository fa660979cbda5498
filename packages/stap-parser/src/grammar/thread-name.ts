/**
 * Reads the thread's name from a framed record. The name is on the last line before `#>`. A thread may choose any name
 * (prctl), so our scripts print the name after a mark, in a format that no other line in a trace has:
 *
 *     #= worker\u00e9 1/4242
 *        ^name, escaped by SystemTap's text_str()
 *                     ^thread number, if requested
 *
 * Older scripts printed no mark. In their traces, a name that looks like a message is recognised by its position and
 * its length.
 */

const MARK = '#= ';
/** The kernel stores this many bytes of a thread's name, so no name has more characters. */
const LONGEST_NAME = 15;
const THREAD_NUMBER = /\/\d+$/;
// Bytes that are not UTF-8 are printed in octal. Old SystemTap versions print all non-ASCII bytes in octal.
const ESCAPE = /((?:\\[0-3][0-7]{2})+)|\\u([0-9A-F]{4})|\\U([0-9A-F]{8})|\\([abfnrtv"\\])/g;
const CONTROLS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Returns the unescaped name in a line with the mark, or `undefined` if the line has no mark. */
export function parseThreadName(line: string): string | undefined {
  return line.startsWith(MARK) ? unescape(line.slice(MARK.length)) : undefined;
}

/** Whether a line without the mark is short enough to be a thread's name. */
export function mayNameThread(line: string): boolean {
  return unescape(line.replace(THREAD_NUMBER, '')).length <= LONGEST_NAME;
}

function unescape(text: string): string {
  return text.replace(
    ESCAPE,
    (_, octal?: string, short?: string, long?: string, control?: string): string => {
      if (octal !== undefined) return decodeOctal(octal);
      if (control !== undefined) return CONTROLS[control] ?? control;
      const point = Number.parseInt((short ?? long)!, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    },
  );
}

function decodeOctal(escapes: string): string {
  const bytes = Uint8Array.from(escapes.slice(1).split('\\'), (digits) => Number.parseInt(digits, 8));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
