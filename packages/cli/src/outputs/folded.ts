import { FoldedWriter, type FoldedWriterOptions } from '@stapflame/stacks';
import type { StackOutput } from './output.ts';

export function openFolded(options: FoldedWriterOptions): StackOutput {
  return {
    // straight from the writer's buffer: a stream would need a new one for each piece
    async write(batches, file) {
      const writer = new FoldedWriter(options);
      for await (const batch of batches) for (const text of writer.write(batch)) await file.write(text);
      for (const text of writer.finish()) await file.write(text);
    },
  };
}
