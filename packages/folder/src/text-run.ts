import type { RunMerger } from './merge.ts';
import type { NameBytes } from './name-bytes.ts';
import type { RunWriter } from './run.ts';
import { SEMICOLON } from './write/folded-writer.ts';

/**
 * Stands between names in runs of text, whose numbers are bytes; sorts before any byte of a name, which holds
 * no control character.
 */
export const TEXT_SEPARATOR = 1;

/** What each number of a text run is written as. */
export const TEXT_BYTES: NameBytes = {
  bytes: Uint8Array.from({ length: 256 }, (_, byte) => (byte === TEXT_SEPARATOR ? SEMICOLON : byte)),
  starts: Uint32Array.from({ length: 257 }, (_, byte) => byte),
};

/** Turns merged stacks of ranks into a run of text; the names are in the order of ranks. */
export function writeText(merger: RunMerger, { bytes, starts }: NameBytes, writer: RunWriter): void {
  let text = new Uint32Array(1 << 12);
  for (let stack = merger.next(); stack; stack = merger.next()) {
    let length = 0;
    for (let i = 0; i < stack.length; i++) {
      const name = stack.values[i]!;
      const to = starts[name + 1]!;
      let at = starts[name]!;
      if (length + to - at + 1 > text.length) {
        const larger = new Uint32Array((length + to - at) * 2);
        larger.set(text);
        text = larger;
      }
      if (i > 0) text[length++] = TEXT_SEPARATOR;
      while (at < to) text[length++] = bytes[at++]!;
    }
    writer.add(text, 0, length, stack.weights);
  }
}
