import { openInputs } from './inputs.ts';

const PIECE = 1 << 16;
const LINE_FEED = 10;

/**
 * Yields the bytes of all inputs, one input after the other. If an input does not end with a line feed, one is added.
 */
export async function* inputBytes(names: readonly string[]): AsyncGenerator<Uint8Array> {
  for await (const input of openInputs(names, [])) {
    let last = LINE_FEED;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = await input.read(piece);
      if (length === 0) break;
      last = piece[length - 1]!;
      yield piece.subarray(0, length);
    }
    if (last !== LINE_FEED) yield Uint8Array.of(LINE_FEED);
  }
}
