import { FoldedWriter, type FoldedWriterOptions } from '@stapflame/stacks';
import type { StackOutput } from './output.ts';
import { writePieces } from './pieces.ts';

export function openFolded(options: FoldedWriterOptions): StackOutput {
  return { write: (batches, file) => writePieces(new FoldedWriter(options), batches, file) };
}
