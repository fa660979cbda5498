import type { ByteSource } from '@stapflame/folder';
import { incompleteLine } from '../summary.ts';
import { openInputs, type Input } from './inputs.ts';

/** Folded texts in turn and, where one of them ended before its time, a last line that says so to the reader. */
export async function* openFoldedTexts(
  names: readonly string[],
  opened: Input[],
): AsyncGenerator<ByteSource> {
  yield* openInputs(names, opened);
  const truncated = opened.filter(({ brokenOff }) => brokenOff !== undefined).length;
  const mark = incompleteLine(new Map(truncated > 0 ? [['truncated', truncated]] : []));
  if (mark !== undefined) yield sourceOf(new TextEncoder().encode(`${mark}\n`));
}

function sourceOf(bytes: Uint8Array): ByteSource {
  let at = 0;
  return {
    read: (into) => {
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      at += piece.length;
      return piece.length;
    },
  };
}
