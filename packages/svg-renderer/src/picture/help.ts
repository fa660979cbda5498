import type { KeyEntry } from './key-line.ts';
import { MARK_OF_INLINED } from './details.ts';
import type { TreeData } from './layout.ts';
import type { Across } from './words.ts';

/** Returns the lines that explain the picture to first-time readers. */
export function helpLines(
  countname: string,
  across: Across,
  key: readonly KeyEntry[],
  { names, details }: Pick<TreeData, 'names' | 'details'>,
): readonly string[] {
  const someInlined = names.some((label) => label.endsWith(MARK_OF_INLINED)) || details?.inlined.length;
  return [
    'Each box is a function. The adjacent box in the direction of “all” is its caller.',
    `Its width is the share of all ${countname} in which it was on the stack, running itself or waiting for a function it called.`,
    across === 'time'
      ? 'The x-axis is the order of the input.'
      : 'The x-axis is not time: boxes are sorted by name.',
    key.length > 0 ? 'The key below explains the colours.' : 'Colours only tell neighbours apart.',
    ...(someInlined
      ? ['Functions in italics were inlined: the compiler copied their code into their callers.']
      : []),
    'Look for wide boxes with few callees: most of the cost is in these functions themselves. Table shows the sums of each function over all its boxes, and its callers.',
    'Click a box to zoom. Focus shows only stacks that contain a function, and Hide leaves a function out. View changes the order and the colours, and saves the picture.',
  ];
}
