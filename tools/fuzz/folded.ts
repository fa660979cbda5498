import { deepStrictEqual } from 'node:assert/strict';
import { FoldedReader, StackFolder, type SpillStore, type StackColumns } from '@stapflame/folder';
import { attempt, inPieces, type Result } from './attempt.ts';
import type { FuzzInput } from './inputs.ts';

const noDisk: SpillStore = {
  create: () => {
    throw new Error('so little fits into memory');
  },
};

/** Reads each input as folded text, whole and in pieces; the readers go on from input to input. */
export class FoldedCheck {
  #whole = new FoldedReader();
  #pieces = new FoldedReader();

  check({ bytes, cut }: FuzzInput): void {
    let isRead = false;
    try {
      const whole = read(this.#whole, bytes, Infinity);
      deepStrictEqual(read(this.#pieces, bytes, cut), whole);
      isRead = 'value' in whole;
    } finally {
      if (!isRead) this.#renew();
    }
  }

  #renew(): void {
    this.#whole = new FoldedReader();
    this.#pieces = new FoldedReader();
  }
}

function read(reader: FoldedReader, bytes: Uint8Array, size: number): Result<unknown> {
  return attempt(() => {
    let lines = '';
    const take = (): void => {
      for (const batch of reader.take()) lines += textOf(batch);
    };
    inPieces(bytes, size, (piece) => {
      reader.push(piece);
      take();
    });
    reader.endInput();
    take();
    return { lines, summary: { ...reader.summary(), incomplete: [...reader.summary().incomplete] } };
  });
}

/** One weight or two: a second column that is the same as the first says no more. */
function textOf({ table, frames, bounds, weights }: StackColumns): string {
  let text = '';
  for (let i = 0; i < bounds.length - 1; i++) {
    const names = Array.from(frames.subarray(bounds[i], bounds[i + 1]), (id) => table.labels[id]);
    text += `${names.join(';')} ${weights[0]![i]} ${weights.at(-1)![i]}\n`;
  }
  return text;
}

/** Folded text of stacks. */
export function fold(batches: Iterable<StackColumns>): Result<string> {
  return attempt(() => {
    const folder = new StackFolder(noDisk, { memory: 1 << 20 });
    for (const batch of batches) folder.add(batch);
    return Buffer.concat([...folder.finish()]).toString();
  });
}

/** A leaf whose name ends with a number cannot be told from a first count: folded text has no quotes. */
const AMBIGUOUS_LINES = /^[^\n]*[ \t]\d+(?:\.\d+)? \d+\n/gm;

/** What was folded, read again and folded again, is the same. */
export function checkFoldedAgain(folded: string): void {
  const text = folded.replace(AMBIGUOUS_LINES, '');
  const reader = new FoldedReader();
  reader.push(Buffer.from(text));
  reader.endInput();
  deepStrictEqual(fold(reader.take()), { value: text });
}
