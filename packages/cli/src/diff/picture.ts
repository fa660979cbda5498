import { pipeline } from 'node:stream/promises';
import type { Comparison, Difference, FunctionRow } from '@stapflame/diff';
import { createFolder } from '@stapflame/folder';
import { StackBatch, type Frame, type FrameTable } from '@stapflame/stacks';
import { createFlameGraphRenderer } from '@stapflame/svg-renderer';
import { drawingOptions, type PictureFlags } from '../commands/picture-options.ts';
import { folderOptions, type FoldFlags } from '../commands/trace-options.ts';
import type { StackOutput } from '../outputs/output.ts';
import { intervalText, onlyOn, percentText, pointsText, testText } from './words.ts';

/** The root frame of code that is only in the profile before. */
const VANISHED = '[vanished]';

/** What the picture needs to know once all stacks have been read. */
export interface PictureFacts {
  readonly comparison: Comparison;
  readonly unit: string;
  readonly significance: number;
}

/**
 * Draws the stacks after with their width, and those that vanished with the width they had, above a root frame for them.
 * Each function has the colour and the numbers of its comparison.
 */
export function openDiffPicture(flags: PictureFlags & FoldFlags, factsOf: () => PictureFacts): StackOutput {
  let told: ReturnType<NonNullable<StackOutput['told']>> = {};
  return {
    async write(batches, file) {
      const drawn = drawnStacks(batches);
      // the first stacks come once all have been read
      const first = await drawn.next();
      const facts = factsOf();
      const renderer = createFlameGraphRenderer({
        subtitle: testText(facts.comparison, facts),
        title: 'Differential Flame Graph',
        notes: NOTES,
        ...drawingOptions(flags),
        cp: palette(facts.comparison, flags.negate === true),
        nameattr: titles(facts),
      });
      async function* all(): AsyncGenerator<StackBatch> {
        if (first.done !== true) yield first.value;
        yield* drawn;
      }
      await pipeline(all(), createFolder(folderOptions(flags)), renderer, file.stream());
      const { boxes, droppedWeight, levelsCut, isLimited } = renderer.summary;
      told = { drawn: { boxes, droppedWeight, levelsCut, isLimited } };
    },
    told: () => told,
  };
}

const NOTES =
  'Red: more of its own than before; blue: less; grey: not significant. The numbers of a box are those of its function, wherever it stands.';

async function* drawnStacks(batches: AsyncIterable<StackBatch>): AsyncGenerator<StackBatch> {
  let table: VanishedTable | undefined;
  for await (const batch of batches) {
    if (table?.source !== batch.table) table = new VanishedTable(batch.table);
    const [before, after] = batch.weights as [Float64Array, Float64Array];
    const frames: number[] = [];
    const bounds = [0];
    const weights: number[] = [];
    for (let i = 0; i < batch.length; i++) {
      const weight = after[i]! > 0 ? after[i]! : Math.max(before[i]!, before[i]! > 0 ? 1 : 0);
      for (let at = batch.bounds[i]!; at < batch.bounds[i + 1]!; at++) frames.push(batch.frames[at]! + 1);
      if (after[i] === 0) frames.push(VanishedTable.ROOT);
      bounds.push(frames.length);
      weights.push(weight);
    }
    const { order: _, ...facts } = batch.facts;
    yield new StackBatch({
      table,
      frames: Uint32Array.from(frames),
      bounds: Uint32Array.from(bounds),
      weights: [Float64Array.from(weights)],
      facts,
    });
    batch.release();
  }
}

/** Another table with one more frame at its start. */
class VanishedTable implements FrameTable {
  static readonly ROOT = 0;
  readonly source: FrameTable;

  constructor(source: FrameTable) {
    this.source = source;
  }

  get size(): number {
    return this.source.size + 1;
  }

  label(id: number): string {
    return id === VanishedTable.ROOT ? VANISHED : this.source.label(id - 1);
  }

  frame(id: number): Frame {
    return id === VanishedTable.ROOT ? { label: VANISHED } : this.source.frame(id - 1);
  }
}

/** Red, green and blue of no difference, of the largest increase and of the largest decrease. */
const GREY = [205, 205, 205] as const;
const MORE = [236, 96, 74] as const;
const LESS = [96, 142, 232] as const;
/** The least part of the full colour that can be told from grey. */
const LEAST_TINT = 0.25;

/** A palette.map: the colour of each function by the difference of its self weight. */
function palette({ rows, untested }: Comparison, negate: boolean): string {
  const counts = ({ self }: FunctionRow): boolean => untested !== undefined || self.isSignificant === true;
  const largest = Math.max(0, ...rows.filter(counts).map(({ self }) => Math.abs(self.points)));
  const lines = rows.map((row) => {
    const { points } = row.self;
    const share =
      counts(row) && points !== 0 ? LEAST_TINT + (1 - LEAST_TINT) * (Math.abs(points) / largest) : 0;
    const full = points > 0 === negate ? LESS : MORE;
    const channels = GREY.map((grey, i) => Math.round(grey + (full[i]! - grey) * share));
    return `${row.label}->rgb(${channels.join(',')})\n`;
  });
  return `${VANISHED}->rgb(${LESS.join(',')})\n${lines.join('')}`;
}

/** A nameattr file: the title of each function. */
function titles({ comparison }: PictureFacts): string {
  const lines = comparison.rows.map((row) => {
    const only = onlyOn(row);
    const text = `${row.label}${only === '' ? '' : ` (${only})`}: self ${differenceText(row.self)}; total ${differenceText(row.total)}`;
    return `${row.label}\ttitle=${text}\n`;
  });
  return lines.join('');
}

function differenceText(difference: Difference): string {
  const { percentBefore, percentAfter, points, isSignificant } = difference;
  const interval = intervalText(difference);
  const words = [
    `${percentText(percentBefore)} → ${percentText(percentAfter)}, ${pointsText(points)} points`,
    ...(interval === '' ? [] : [`[${interval}]`]),
    ...(isSignificant === undefined ? [] : [isSignificant ? 'significant' : 'not significant']),
  ];
  return words.join(' ');
}
