import type { RunMerger } from './merge.ts';
import type { RunWriter } from './run.ts';
import { SEMICOLON } from './write/folded-writer.ts';

/**
 * Stands between names in runs of text, whose numbers are bytes; sorts before any byte of a name, which holds
 * no control character.
 */
export const TEXT_SEPARATOR = 1;

/** What each number of a text run is written as. */
export const TEXT_BYTES: readonly Uint8Array[] = Array.from({ length: 256 }, (_, byte) =>
  Uint8Array.of(byte === TEXT_SEPARATOR ? SEMICOLON : byte),
);

/** Turns merged stacks of ranks into a run of text; `names` are UTF-8 by rank. */
export function writeText(merger: RunMerger, names: readonly Uint8Array[], writer: RunWriter): void {
  let text = new Uint32Array(1 << 12);
  for (let stack = merger.next(); stack; stack = merger.next()) {
    let length = 0;
    for (let i = 0; i < stack.length; i++) {
      const name = names[stack.values[i]!]!;
      if (length + name.length + 1 > text.length) {
        const larger = new Uint32Array((length + name.length) * 2);
        larger.set(text);
        text = larger;
      }
      if (i > 0) text[length++] = TEXT_SEPARATOR;
      for (const byte of name) text[length++] = byte;
    }
    writer.add(text, 0, length, stack.weights);
  }
}
