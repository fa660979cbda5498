import type { FrameTable, StackBatch } from '@stapflame/stacks';
import type { StackOutput } from './output.ts';

/** Number of characters to collect before writing. As text, a complete batch would take up several megabytes. */
const PIECE = 1 << 16;

/** Writes one line for each stack: `{"count":…,"frames":[…]}`, with the leaf first. */
export function openJsonLines(): StackOutput {
  const encoder = new TextEncoder();
  return {
    async write(batches, file) {
      const texts = new FrameTexts();
      for await (const batch of batches) {
        for (const piece of jsonLines(batch, texts)) await file.write(encoder.encode(piece));
        batch.release();
      }
    },
  };
}

function* jsonLines(batch: StackBatch, texts: FrameTexts): Generator<string> {
  const { table, frames, bounds, weights } = batch;
  let text = '';
  for (let i = 0; i < batch.length; i++) {
    const stack = Array.from(frames.subarray(bounds[i], bounds[i + 1]), (id) => texts.of(table, id));
    text += `{"count":${weights[0]![i]},"frames":[${stack.join(',')}]}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Creates each frame's text only once. This halves the time, because frames are repeated in many stacks. */
class FrameTexts {
  #table: FrameTable | undefined;
  #texts: string[] = [];

  of(table: FrameTable, id: number): string {
    if (table !== this.#table) {
      this.#table = table;
      this.#texts = [];
    }
    return (this.#texts[id] ??= JSON.stringify(table.frame(id)));
  }
}
