import { pipeline } from 'node:stream/promises';
import { intervalReach, significantParts, type Comparison } from '@stapflame/diff';
import type { StackBatch } from '@stapflame/stacks';
import {
  createFlameGraphRenderer,
  LabelDetails,
  type RendererOptions,
  type TestFunctions,
} from '@stapflame/svg-renderer';
import { drawingOptions, keepPalette, type PictureFlags } from '../commands/picture-options.ts';
import type { StackOutput } from '../outputs/output.ts';
import { testText } from './words.ts';

/** Data that the picture needs, but that is known only once all stacks have been read. */
export interface PictureFacts {
  readonly comparison: Comparison;
  readonly unit: string;
  readonly significance: number;
  /** The divisor for each profile's weights; absent if shares of the totals are compared. */
  readonly exposures?: readonly [before: number, after: number];
}

type DiffPictureFlags = PictureFlags & { readonly all?: boolean };

/**
 * Draws both profiles. A box is as wide as the mean of its shares before and after, so that both new and vanished code
 * is visible.
 */
export function openDiffPicture(
  flags: DiffPictureFlags,
  factsOf: () => PictureFacts,
  container: 'svg' | 'html',
): StackOutput {
  let told: ReturnType<NonNullable<StackOutput['told']>> = {};
  let paletteMap: string | undefined;
  const details = new LabelDetails();
  return {
    watch: (batch) => details.add(batch),
    async write(batches, file) {
      const stacks = batches[Symbol.asyncIterator]();
      // Merged stacks arrive only once all stacks have been read, so the comparison is known by then.
      const first = await stacks.next();
      const renderer = createFlameGraphRenderer({
        title: 'Differential Flame Graph',
        ...comparisonOptions(factsOf(), flags.all === true),
        ...drawingOptions(flags),
        container,
        details: (label) => details.of(label),
      });
      async function* all(): AsyncGenerator<StackBatch> {
        if (first.done !== true) yield first.value;
        yield* { [Symbol.asyncIterator]: () => stacks };
      }
      await pipeline(all(), renderer, file.stream());
      const { boxes, droppedWeight, levelsCut, isLimited } = renderer.summary;
      told = { drawn: { boxes, droppedWeight, levelsCut, isLimited } };
      ({ paletteMap } = renderer.summary);
    },
    told: () => told,
    afterwards: () => keepPalette(flags, paletteMap),
  };
}

/**
 * Returns the options that set how the renderer compares boxes. Functions have already been tested; the tests of boxes
 * are a separate family of tests.
 */
function comparisonOptions(facts: PictureFacts, colorsAll: boolean): RendererOptions {
  const { comparison, significance, exposures } = facts;
  const isTested = comparison.untested === undefined;
  const compareOptions = { significance, ...(exposures && { exposures }) };
  return {
    subtitle: `${testText(comparison, { ...facts, numbers: 'grouped' })}${isTested ? '; boxes are tested separately, in the same way' : ''}`,
    widths: 'both',
    compareBy: exposures ?? 'totals',
    colorChance: colorsAll,
    ...(isTested && {
      testBoxes: (counts) => significantParts(counts, compareOptions),
      testFunctions: functionTests(comparison),
      reach: intervalReach(significance),
    }),
  };
}

function functionTests({ rows }: Comparison): TestFunctions {
  const byName = new Map(rows.map((row) => [row.label, row]));
  return (name) => {
    const row = byName.get(name);
    return row && { self: row.self.isSignificant === true, total: row.total.isSignificant === true };
  };
}
