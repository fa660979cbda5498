import type { KeyEntry } from './key-line.ts';
import type { Across } from './words.ts';

/** How to read the picture, for who sees one for the first time. */
export function helpLines(countname: string, across: Across, key: readonly KeyEntry[]): readonly string[] {
  return [
    'A box is a function. The box that it stands on called it, down to “all”.',
    `Its width is the share of all ${countname} in which it was on the stack: running itself, or waiting for what it called.`,
    across === 'time'
      ? 'The x-axis is the order of the input.'
      : 'The x-axis is not time: boxes are sorted by name.',
    key.length > 0 ? 'What colours mean stands below.' : 'Colours only keep neighbours apart.',
    'Look for wide boxes with little on them: these functions cost something themselves. Table adds up every function over all its boxes, and tells who calls it.',
    'Click to zoom, Focus to see only stacks with a function, Hide to leave it out.',
  ];
}
