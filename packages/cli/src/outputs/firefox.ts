import { pipeline } from 'node:stream/promises';
import { createFirefoxWriter } from '@stapflame/firefox-writer';
import { temporaryDirectory, type FoldFlags } from '../commands/trace-options.ts';
import type { StackOutput } from './output.ts';

export function openFirefox(flags: FoldFlags): StackOutput {
  return {
    write: (batches, file) =>
      pipeline(batches, createFirefoxWriter(temporaryDirectory(flags)), file.stream()),
  };
}
