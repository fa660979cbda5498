import type { KeyEntry } from './key.ts';
import type { Across } from './words.ts';

/** How to read the picture, for who sees one for the first time. */
export function helpLines(countname: string, across: Across, key: readonly KeyEntry[]): readonly string[] {
  return [
    'A box is a function. The box that it stands on called it, down to “all”.',
    `Its width is the share of all ${countname} in which it was on the stack: running itself, or waiting for what it called.`,
    across === 'time'
      ? 'Left to right is the order of the input.'
      : 'Left to right is not time: boxes stand in the order of their names.',
    key.length > 0 ? 'What colours mean stands below.' : 'Colours only keep neighbours apart.',
    'Look for wide boxes with little on them: these functions cost something themselves. Table adds up every function over all its boxes, and tells who calls it.',
    'Click to zoom, Focus to see only stacks with a function, Hide to leave it out.',
  ];
}
