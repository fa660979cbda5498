import { weightText, type StackBatch } from '@stapflame/stacks';
import type { StackOutput } from './output.ts';

/** Number of characters to collect before writing. */
const PIECE = 1 << 16;

/** Formats a stack as a table row. `host` is empty if the host is unknown. */
export type RowText = (stack: string, count: string, host: string) => string;

/** Formats a row with tabs. Labels contain no tabs and no line ends, so nothing has to be escaped. */
export const tsvRow: RowText = (stack, count, host) =>
  `${stack}\t${count}\t${host.replaceAll(/[\t\r\n]/g, ' ')}\n`;

export const ndjsonRow: RowText = (stack, count, host) =>
  `{"stack":${JSON.stringify(stack)},"count":${count},"host":${JSON.stringify(host)}}\n`;

/** Writes each stack as a table row with the columns stack, count and host. Databases can import such tables. */
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
