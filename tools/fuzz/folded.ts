import { deepStrictEqual } from 'node:assert/strict';
import { StackFolder } from '@stapflame/folder';
import { FoldedReader, FoldedWriter, type SpillStore, type StackBatch } from '@stapflame/stacks';
import { attempt, inPieces, type Result } from './attempt.ts';
import type { FuzzInput } from './inputs.ts';

const noDisk: SpillStore = {
  create: () => {
    throw new Error('expected no temporary file, because the stacks fit into memory');
  },
};

/** Reads each input as folded text, whole and in pieces; the readers continue from input to input. */
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
    let facts = {};
    const take = (): void => {
      for (const batch of reader.take()) {
        lines += textOf(batch);
        ({ facts } = batch);
      }
    };
    inPieces(bytes, size, (piece) => {
      reader.push(piece);
      take();
    });
    reader.endInput();
    take();
    return { lines, facts, summary: reader.summary() };
  });
}

/** Writes each stack with its first and its last weight, which are equal if it has only one. */
function textOf({ table, frames, bounds, weights }: StackBatch): string {
  let text = '';
  for (let i = 0; i < bounds.length - 1; i++) {
    const names = Array.from(frames.subarray(bounds[i], bounds[i + 1]), (id) => table.label(id));
    text += `${names.join(';')} ${weights[0]![i]} ${weights.at(-1)![i]}\n`;
  }
  return text;
}

/** Writes stacks as folded text. */
export function fold(batches: Iterable<StackBatch>): Result<string> {
  return attempt(() => {
    const folder = new StackFolder(noDisk, { memory: 1 << 20 });
    for (const batch of batches) folder.push(batch);
    const writer = new FoldedWriter();
    const pieces = [...folder.finish()].flatMap((batch) =>
      Array.from(writer.write(batch), (piece) => Buffer.from(piece)),
    );
    return Buffer.concat(pieces).toString();
  });
}

/** Checks that folded text stays the same when it is read and folded again. */
export function checkFoldedAgain(folded: string): void {
  const reader = new FoldedReader();
  reader.push(Buffer.from(folded));
  deepStrictEqual(fold(reader.finish()), { value: folded });
}
