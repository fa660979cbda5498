/**
 * The line that names the thread of a framed record, the last before `#>`. Anyone may choose such a name
 * (prctl), so our scripts print it behind a mark, in a form that no other line of a trace has:
 *
 *     #= worker\u00e9 1/4242
 *        ^name, escaped by SystemTap's text_str()
 *                     ^number of the thread, where it was asked for
 *
 * Earlier scripts had no mark. A name in their traces that reads like a message is recognised by its place and
 * length.
 */

const MARK = '#= ';
/** The kernel keeps this many bytes of a thread's name, so it has no more characters. */
const LONGEST_NAME = 15;
const THREAD_NUMBER = /\/\d+$/;
// Bytes that are not UTF-8 are printed in octal; an old SystemTap prints everything beyond ASCII like that.
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

/** The name on a line with the mark, as the thread chose it; `undefined` if the line has no mark. */
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
