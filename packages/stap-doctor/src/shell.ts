import { ESCAPED_BYTE, escapedByte } from './text-of-bytes.ts';

declare const COMMAND: unique symbol;

/** A complete, quoted command line for a POSIX shell. Only {@link sh} creates one. */
export type Command = string & { readonly [COMMAND]: true };

/**
 * One or more shell words. The type excludes an empty list, so a command such as `apt-get install` is never printed
 * without packages.
 */
export type Words = readonly [string, ...string[]];

/** A part of a command that is left unquoted for the shell to expand, such as `"$(uname -r)"`. */
export interface Verbatim {
  readonly verbatim: string;
}

/**
 * Makes a command from a template. A string becomes one word, or part of the word that it touches. Each item in a list
 * becomes one word. Write `--` before values if the program supports it; otherwise, a value may be taken for an option:
 *
 *     sh`staprun -d -- ${name}`
 */
export function sh(
  { raw }: TemplateStringsArray,
  ...values: readonly (string | Words | Verbatim)[]
): Command {
  return String.raw({ raw }, ...values.map(written)) as Command;
}

function written(value: string | Words | Verbatim): string {
  if (typeof value === 'string') return quoted(value);
  return 'verbatim' in value ? value.verbatim : value.map(quoted).join(' ');
}

/** Returns the list as words, or `undefined` if it is empty. */
export function asWords(list: readonly string[]): Words | undefined {
  const [first, ...rest] = list;
  return first === undefined ? undefined : [first, ...rest];
}

/**
 * Matches words whose characters have no special meaning in any shell. Words with `=` at the start are excluded because
 * zsh would expand them, and words with `~` anywhere because bash would expand `~` after `=`.
 */
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
/** C0 and C1 control characters, and characters that change the text direction. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Quotes a word for a command line that a person pastes into a shell. Some characters would make the terminal act
 * before the shell sees them. These characters, and bytes that are not UTF-8, are written as escapes in `$'…'`, which
 * bash, zsh, ksh and POSIX (since 2024) support.
 */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word.search(UNSEEN) < 0 && word.search(ESCAPED_BYTE) < 0) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word.replaceAll(/[\\']/g, '\\$&').replaceAll(UNSEEN, octal);
  return `$'${escaped.replaceAll(ESCAPED_BYTE, (character) => octalByte(escapedByte(character)))}'`;
}

/**
 * Escapes a character's bytes with three octal digits each, so a following digit is not read as part of an escape.
 */
function octal(character: string): string {
  return Array.from(new TextEncoder().encode(character), octalByte).join('');
}

function octalByte(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
