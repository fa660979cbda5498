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
    unusable: () => {
      const { stacks, ignoredLines, firstIgnoredLine } = reader.summary;
      if (stacks > 0 || ignoredLines === 0) return undefined;
      return `no line of it is a stack (root;…;leaf COUNT), the first that is none is line ${firstIgnoredLine}`;
    },
  };
}
