import { parentPort, workerData } from 'node:worker_threads';
import { FoldedWriter } from '@stapflame/stacks';
import { spillFiles } from '@stapflame/stacks/stream';
import { folderOptions } from './commands/trace-options.ts';
import { treat } from './convert.ts';
import { exitCodeOf } from './exit.ts';
import { FoldedPieceReader } from './parts/read-folded-pieces.ts';
import type { PartDone, PartFailed, PartWork } from './parts/part-work.ts';
import { PieceReader } from './parts/read-pieces.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort!.postMessage(await folded());

/** Folds traces or folded text, or parts of them, into a temporary file. Runs in a thread. */
async function folded(): Promise<PartDone<unknown> | PartFailed> {
  try {
    return await foldPieces(workerData as PartWork);
  } catch (error) {
    const { message, stack } = error as Error;
    return {
      failed: message,
      exitCode: exitCodeOf(error),
      stack: String(stack),
      isNoMemory: error instanceof RangeError,
    };
  }
}

async function foldPieces(work: PartWork): Promise<PartDone<unknown>> {
  const { flags } = work;
  const reader = work.input === 'folded' ? new FoldedPieceReader(work) : new PieceReader(work);
  const file = spillFiles(folderOptions(flags).tmpdir).create();
  const written = await treat(reader.batches(), [], { merges: true }, flags, async (stacks) => {
    const writer = new FoldedWriter({ plain: true });
    for await (const batch of stacks) for (const text of writer.write(batch)) file.write(text);
  });
  return {
    descriptor: file.descriptor,
    read: reader.read,
    folded: written.folded!,
    namesGivenUp: written.namesGivenUp === true,
  };
}
