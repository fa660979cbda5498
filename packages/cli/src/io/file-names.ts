import { readFileSync } from 'node:fs';
import { textOfBytes } from '@stapflame/stap-doctor';

/** Matches the character that `textOfBytes` writes for a byte that is not valid UTF-8. */
const ESCAPED = /([\udc80-\udcff])/u;
const ESCAPE = 0xdc00;

/** Converts a name from `textOfBytes` for use with file system functions. */
export function pathOf(name: string): string | Buffer {
  if (isText(name)) return name;
  // The name is split at its escaped bytes, so every second part is such a byte.
  const parts = name.split(ESCAPED);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - ESCAPE))),
  );
}

/** True if a name contains no escaped bytes. */
export function isText(name: string): boolean {
  return !ESCAPED.test(name);
}

/** Matches the replacement characters that Node inserts for bytes that are not valid UTF-8. */
const REPLACED = /\ufffd+/g;

/**
 * Returns this process's arguments. Node replaces bytes that are not valid UTF-8, but on Linux the original bytes can
 * still be read from /proc.
 */
export function ownWords(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes('\ufffd'))) return words;
  const given = wordsOfTheSystem().slice(-words.length);
  const shown = (all: readonly string[]): string => all.join('\0').replaceAll(REPLACED, '\ufffd');
  // A process may overwrite its command line, so the arguments from /proc must match those from Node.
  return shown(given.map((word) => Buffer.from(pathOf(word)).toString())) === shown(words) ? given : words;
}

function wordsOfTheSystem(): readonly string[] {
  try {
    return textOfBytes(readFileSync('/proc/self/cmdline')).split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
