import { readFolded, type ByteSources } from '@stapflame/stacks/stream';
import type { StackInput } from './input.ts';
import { FOLDED, isOwnTrace, recognise } from './table.ts';

export function openFolded(sources: ByteSources): StackInput {
  const reader = readFolded(sources);
  return {
    batches: reader,
    told: () => {
      const { ignoredLines, firstIgnoredLine } = reader.summary;
      return firstIgnoredLine === undefined ? {} : { ignoredLines, firstIgnoredLine };
    },
    unusable: (heads) => {
      const { bytes, stacks, ignoredLines } = reader.summary;
      if (bytes === 0) return 'it is empty';
      if (stacks === 0) return 'no folded stacks (root;…;leaf COUNT)';
      // Other kinds of input may also contain lines that end in a number.
      const isUsable = !heads.some(isOwnTrace) && (ignoredLines <= stacks || !heads.some(isOther));
      return isUsable ? undefined : 'too few lines are stacks (root;…;leaf COUNT)';
    },
  };
}

function isOther(head: Uint8Array): boolean {
  const kind = recognise(head);
  return kind !== undefined && kind !== FOLDED;
}
