import { pipeline } from 'node:stream/promises';
import { createSpeedscopeWriter } from '@stapflame/speedscope-writer';
import { temporaryDirectory, type FoldFlags } from '../commands/trace-options.ts';
import type { StackOutput } from './output.ts';

export function openSpeedscope(flags: FoldFlags): StackOutput {
  return {
    write: (batches, file) =>
      pipeline(batches, createSpeedscopeWriter(temporaryDirectory(flags)), file.stream()),
  };
}
