import { ESCAPED_BYTE, escapedByte } from './text-of-bytes.ts';

declare const COMMAND: unique symbol;

/** A line for a POSIX shell, complete and quoted. Only {@link sh} makes one. */
export type Command = string & { readonly [COMMAND]: true };

/** Words of a command, at least one: a command that ends in a list is never printed without it. */
export type Words = readonly [string, ...string[]];

/** A piece of a command that is not quoted, so that the shell expands it, such as `"$(uname -r)"`. */
export interface Verbatim {
  readonly verbatim: string;
}

/**
 * Makes a command from a template. A string becomes one word, or part of the word that it touches; each item of a
 * list becomes one word. Write `--` before values if the program knows it, so that no value is taken for an
 * option:
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

/** The list as words, if it is not empty. */
export function asWords(list: readonly string[]): Words | undefined {
  const [first, ...rest] = list;
  return first === undefined ? undefined : [first, ...rest];
}

/**
 * Characters without a special meaning in any shell, except that zsh expands `=` at the start of a word, and bash `~`
 * after a `=`.
 */
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
/** C0 and C1 controls, and characters that change the text direction. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * A word of a command line that a person pastes into a shell. Characters that a terminal would act on before the
 * shell sees them, and bytes that are not UTF-8, are written as escapes in `$'…'`, which bash, zsh, ksh and POSIX
 * (since 2024) know.
 */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word.search(UNSEEN) < 0 && word.search(ESCAPED_BYTE) < 0) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word.replaceAll(/[\\']/g, '\\$&').replaceAll(UNSEEN, octal);
  return `$'${escaped.replaceAll(ESCAPED_BYTE, (character) => octalByte(escapedByte(character)))}'`;
}

/** A character's bytes, as three octal digits each, so that a digit after them is not read as part of the escape. */
function octal(character: string): string {
  return Array.from(new TextEncoder().encode(character), octalByte).join('');
}

function octalByte(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
