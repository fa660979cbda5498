import { readFileSync } from 'node:fs';

/**
 * The name of a file is bytes, and need not be UTF-8, but words of a command line are strings. So each byte that is
 * no UTF-8 stands in a string as a lone surrogate, U+DC80 to U+DCFF (Python does the same). No text holds those,
 * and where such a name is shown each becomes a replacement character.
 */
const ESCAPED = /([\udc80-\udcff])/u;
const ESCAPE = 0xdc00;

/** Well-formed UTF-8 beyond ASCII, each byte as one character; or a byte that belongs to none. */
const UTF8_OR_BYTE =
  /((?:[\xc2-\xdf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]))[\x80-\xbf])|[\x80-\xff]/g;

/** These bytes as a string. */
export function nameOf(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(UTF8_OR_BYTE, (byte, text: string | undefined) =>
      text === undefined
        ? String.fromCharCode(ESCAPE + byte.charCodeAt(0))
        : Buffer.from(text, 'latin1').toString(),
    );
}

/** The same name as functions of the file system take it. */
export function pathOf(name: string): string | Buffer {
  if (isText(name)) return name;
  // every second part is an escaped byte
  const parts = name.split(ESCAPED);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - ESCAPE))),
  );
}

/** Whether no byte of it is escaped. */
export function isText(name: string): boolean {
  return !ESCAPED.test(name);
}

/** What Node makes of bytes that are no UTF-8. */
const REPLACED = /\ufffd+/g;

/**
 * The words of this process's command line. Node has replaced what is not UTF-8 in them; the system, where it is
 * Linux, still has the bytes.
 */
export function ownWords(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes('\ufffd'))) return words;
  const given = wordsOfTheSystem().slice(-words.length);
  const shown = (all: readonly string[]): string => all.join('\0').replaceAll(REPLACED, '\ufffd');
  // a process may write over its command line
  return shown(given.map((word) => Buffer.from(pathOf(word)).toString())) === shown(words) ? given : words;
}

function wordsOfTheSystem(): readonly string[] {
  try {
    return nameOf(readFileSync('/proc/self/cmdline')).split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
