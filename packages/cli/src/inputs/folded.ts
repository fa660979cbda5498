import { readFolded, type ByteSources } from '@stapflame/stacks/stream';
import type { StackInput } from './input.ts';

export function openFolded(sources: ByteSources): StackInput {
  const reader = readFolded(sources);
  return {
    batches: reader,
    told: () => {
      const { ignoredLines, firstIgnoredLine } = reader.summary;
      return firstIgnoredLine === undefined ? {} : { ignoredLines, firstIgnoredLine };
    },
    // the renderer says it: it knows what was asked for
    unusable: () => undefined,
  };
}
