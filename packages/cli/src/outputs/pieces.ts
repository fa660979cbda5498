import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** A writer core. Each chunk that it yields is valid only until the next one is requested. */
export interface PieceWriter {
  write(batch: StackBatch): Iterable<Uint8Array>;
  finish(): Iterable<Uint8Array>;
  dispose?(): void;
}

/** Writes chunks directly from the writer's buffer. A stream would need a new buffer for each chunk. */
export async function writePieces(
  writer: PieceWriter,
  batches: AsyncIterable<StackBatch>,
  file: Output,
): Promise<void> {
  try {
    for await (const batch of batches) for (const piece of writer.write(batch)) await file.write(piece);
    for (const piece of writer.finish()) await file.write(piece);
  } finally {
    writer.dispose?.();
  }
}
