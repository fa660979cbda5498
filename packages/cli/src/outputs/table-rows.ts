import { weightText, type StackBatch } from '@stapflame/stacks';
import type { StackOutput } from './output.ts';

/** Characters written at once. */
const PIECE = 1 << 16;

/** Writes one stack as a table row; `host` is empty if it is not known. */
export type RowText = (stack: string, count: string, host: string) => string;

/** Labels contain neither TAB nor line end, so nothing has to be escaped. */
export const tsvRow: RowText = (stack, count, host) =>
  `${stack}\t${count}\t${host.replaceAll(/[\t\r\n]/g, ' ')}\n`;

export const ndjsonRow: RowText = (stack, count, host) =>
  `{"stack":${JSON.stringify(stack)},"count":${count},"host":${JSON.stringify(host)}}\n`;

/** Writes each stack as a table row `stack, count, host`, which databases can import. */
export function openRows(row: RowText, head: string): StackOutput {
  return {
    async write(batches, file) {
      let text = head;
      for await (const batch of batches) {
        for (const line of rowsOf(batch, row)) {
          text += line;
          if (text.length < PIECE) continue;
          await file.write(Buffer.from(text));
          text = '';
        }
        batch.release();
      }
      await file.write(Buffer.from(text));
    },
  };
}

function* rowsOf(
  { table, frames, bounds, weights, facts, length }: StackBatch,
  row: RowText,
): Generator<string> {
  const counts = weights.at(-1)!;
  for (let i = 0; i < length; i++) {
    const labels = Array.from(frames.subarray(bounds[i], bounds[i + 1]), (id) => table.label(id));
    yield row(labels.reverse().join(';'), weightText(counts[i]!), facts.host ?? '');
  }
}
