import { readFileSync } from 'node:fs';
import { textOfBytes } from '@stapflame/stap-doctor';

/** A byte in a name that is not UTF-8, as `textOfBytes` writes it. */
const ESCAPED = /([\udc80-\udcff])/u;
const ESCAPE = 0xdc00;

/** Converts such a text into a name for file system functions. */
export function pathOf(name: string): string | Buffer {
  if (isText(name)) return name;
  // every other part is an escaped byte
  const parts = name.split(ESCAPED);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - ESCAPE))),
  );
}

/** Whether the text contains no escaped byte. */
export function isText(name: string): boolean {
  return !ESCAPED.test(name);
}

/** Node's replacement for bytes that are not UTF-8. */
const REPLACED = /\ufffd+/g;

/** This process's command line. Node has replaced bytes that are not UTF-8; Linux still has the original bytes. */
export function ownWords(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes('\ufffd'))) return words;
  const given = wordsOfTheSystem().slice(-words.length);
  const shown = (all: readonly string[]): string => all.join('\0').replaceAll(REPLACED, '\ufffd');
  // a process may overwrite its command line
  return shown(given.map((word) => Buffer.from(pathOf(word)).toString())) === shown(words) ? given : words;
}

function wordsOfTheSystem(): readonly string[] {
  try {
    return textOfBytes(readFileSync('/proc/self/cmdline')).split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
