import { words } from '../distribution.ts';

/** Flags of `stapflame record`. stap has some of these letters, too, and they mean other things there. */
const RECORD_FLAGS: ReadonlySet<string> = new Set(['-F', '-l', '-t', '--max-backtrace', '--mode', '--event']);
/** A flag that both have. */
const MODULE = '-d';

/** Each flag with its values. */
export function flagsOf(again: readonly string[]): readonly (readonly string[])[] {
  const flags: string[][] = [];
  for (const word of again)
    if (word.startsWith('-') || flags.length === 0) flags.push([word]);
    else flags.at(-1)!.push(word);
  return flags;
}

/** The same as words for `stapflame record`, which hands stap's own on by `-a`. */
export function recordWords(again: readonly string[]): readonly string[] {
  return flagsOf(again).flatMap((flag) =>
    flag[0] === MODULE || RECORD_FLAGS.has(flag[0]!) ? flag : ['-a', flag.join(' ')],
  );
}

/** What to add, and to which command. */
export function againText(again: readonly string[]): string {
  const recordOnly = again.some((word) => RECORD_FLAGS.has(word));
  return recordOnly ? `stapflame record … ${words(again)}` : `stap … ${words(again)}`;
}
