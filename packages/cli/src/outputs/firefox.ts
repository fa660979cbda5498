import { FirefoxWriter } from '@stapflame/firefox-writer';
import { spillFiles } from '@stapflame/stacks/stream';
import { temporaryDirectory, type FoldFlags } from '../commands/trace-options.ts';
import type { StackOutput } from './output.ts';
import { writePieces } from './pieces.ts';

export function openFirefox(flags: FoldFlags): StackOutput {
  return {
    write: (batches, file) => {
      const writer = new FirefoxWriter(spillFiles(temporaryDirectory(flags).tmpdir));
      return writePieces(writer, batches, file);
    },
  };
}
