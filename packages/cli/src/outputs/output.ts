import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** What an output reports about itself. */
export interface OutputTold {
  /** What is in the picture, if one was drawn. */
  readonly drawn?: {
    /** Boxes without the root box. */
    readonly boxes: number;
    /** Weight of the outermost frames that are too narrow to be drawn. */
    readonly droppedWeight: number;
    /** Levels that are deeper than `--max-depth` and not drawn. */
    readonly levelsCut: number;
    /** There are more boxes than `--max-boxes`, and the widest are drawn. */
    readonly isLimited: boolean;
  };
}

/** Writes stacks to a file. */
export interface StackOutput {
  /** Writes all stacks and releases the batches. */
  write(batches: AsyncIterable<StackBatch>, file: Output): Promise<void>;
  /** Looks at stacks before they are merged, which may drop what it needs. */
  watch?(batch: StackBatch): void;
  /** What became of the stacks, once all are written. */
  told?(): OutputTold;
  /** What remains to be done once the file is complete. */
  afterwards?(): Promise<void>;
}

/** One kind of output: a row of the table in `table.ts`. */
export interface OutputKind<Flags = unknown> {
  /** Its name for `--output-format`. */
  readonly name: string;
  /** The endings of its file names, the most usual first. */
  readonly extensions: readonly string[];
  /** What to do instead of writing to a terminal; absent if a terminal can show it. */
  readonly notForTerminal?: string;
  /**
   * What it shows of a frame in addition to the label: nothing, what all frames of a label have in common, all
   * fields but the address, or all fields.
   */
  readonly shows?: 'common' | 'fields' | 'addresses';
  open(flags: Flags): Promise<StackOutput>;
}

/** Internal flags that make readers and the folder keep what the output shows. */
export interface KeepFlags {
  readonly frames?: 'whole';
  readonly addresses?: boolean;
  readonly mergeBy?: 'frame';
}

/** What a lookup of names must keep for this output. */
export function foundFramesFor({ shows }: Pick<OutputKind, 'shows'>): 'whole' | 'labels' {
  return shows === undefined ? 'labels' : 'whole';
}

export function keepFor({ shows }: Pick<OutputKind, 'shows'>): KeepFlags {
  if (shows === undefined || shows === 'common') return {};
  return { frames: 'whole', mergeBy: 'frame', ...(shows === 'addresses' && { addresses: true }) };
}
