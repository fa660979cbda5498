import { parentPort, workerData } from 'node:worker_threads';
import { FoldedWriter, WeightSum, type StackBatch } from '@stapflame/stacks';
import { treat } from './convert.ts';
import { exitCodeOf } from './exit.ts';
import { FoldedPieceReader } from './parts/read-folded-pieces.ts';
import type { FromThread, PartWork } from './parts/part-work.ts';
import { PieceReader } from './parts/read-pieces.ts';
import { TextSender } from './parts/text-sender.ts';

const port = parentPort!;

function post(message: FromThread<unknown>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  port.postMessage(message);
}

const sender = new TextSender(port);
try {
  await foldPieces(workerData as PartWork);
} catch (error) {
  const { message, stack } = error as Error;
  const isNoMemory = error instanceof RangeError;
  post({ kind: 'failed', message, exitCode: exitCodeOf(error), stack: String(stack), isNoMemory });
}
port.close();

/** Folds traces or folded text, or parts of them, and sends the result in buffers that the main thread provides. */
async function foldPieces(work: PartWork): Promise<void> {
  const reader = work.input === 'folded' ? new FoldedPieceReader(work) : new PieceReader(work);
  const weight = new WeightSum();
  let stacks = 0;
  const watch = (batch: StackBatch): void => {
    stacks += batch.length;
    weight.addAll(batch.weights[0]!);
  };
  const written = await treat(reader.batches(), [], { merges: true, watch }, work.flags, async (sorted) => {
    const writer = new FoldedWriter({ plain: true });
    const batches = sorted[Symbol.asyncIterator]();
    // the first sorted stacks exist only after all stacks have been read
    let next = await batches.next();
    post({ kind: 'read', read: reader.read, stacks, weight: weight.value });
    for (; next.done !== true; next = await batches.next())
      for (const text of writer.write(next.value)) await sender.send(text);
    sender.end();
  });
  post({ kind: 'end', folded: written.folded!, namesGivenUp: written.namesGivenUp === true });
}
