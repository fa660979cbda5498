import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { spillFiles } from '@stapflame/stacks/stream';
import { FoldedWriter, type StackBatch } from '@stapflame/stacks';
import { SourceReader } from '@stapflame/stacks/stream';
import { TraceParser } from '@stapflame/stap-parser';
import { folderOptions, parserOptions } from './commands/trace-options.ts';
import { treat } from './convert.ts';
import { exitCodeOf } from './exit.ts';
import type { PartDone, PartFailed, PartWork } from './parts/part-work.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort!.postMessage(await folded());

/** Folds one part of a trace into a temporary file, in a thread of its own. */
async function folded(): Promise<PartDone | PartFailed> {
  try {
    return await foldPart(workerData as PartWork);
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

async function foldPart({ descriptor, range, header, flags, control }: PartWork): Promise<PartDone> {
  const parser = new TraceParser(parserOptions(flags));
  const [stop, read] = [new Int32Array(control, 0, 1), new Int32Array(control, 4, 1)];
  const head = Buffer.from(header);
  parser.push(head);
  const headComments = parser.comments;
  let at = range.from;
  let isPrefixed = false;
  let isFramed = false;
  const source = {
    read(into: Uint8Array): number {
      const room = Math.min(into.length, range.to - at);
      const length = Atomics.load(stop, 0) === 0 && room > 0 ? readSync(descriptor, into, 0, room, at) : 0;
      at += length;
      Atomics.add(read, 0, length);
      // the end of the input makes the parser forget them
      ({ isPrefixed, isFramed } = parser);
      return length;
    },
  };
  const file = spillFiles(folderOptions(flags).tmpdir).create();
  const batches = new SourceReader<StackBatch>(parser, [source]);
  const written = await treat(batches, [], { merges: true }, flags, async (stacks) => {
    const writer = new FoldedWriter({ plain: true });
    for await (const batch of stacks) for (const text of writer.write(batch)) file.write(text);
  });
  return {
    descriptor: file.descriptor,
    part: {
      from: range.from,
      summary: parser.summary(),
      comments: parser.comments - headComments,
      isPrefixed,
      isFramed,
    },
    folded: written.folded!,
    namesGivenUp: written.namesGivenUp === true,
    isWhole: at === range.to,
  };
}
