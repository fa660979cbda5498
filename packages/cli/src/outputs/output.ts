import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** The data that an output reports for the summary. */
export interface OutputTold {
  /** Numbers about the picture, if one was drawn. */
  readonly drawn?: {
    /** Number of boxes, not counting the root box. */
    readonly boxes: number;
    /** Weight of frames that are too narrow to be drawn. Frames above them are not counted again. */
    readonly droppedWeight: number;
    /** Number of levels beyond `--max-depth`, which are not drawn. */
    readonly levelsCut: number;
    /** Whether only the widest boxes are drawn, because there are more than `--max-boxes`. */
    readonly isLimited: boolean;
  };
}

/** Writes stacks to a file. */
export interface StackOutput {
  /** Writes all stacks and releases the batches. */
  write(batches: AsyncIterable<StackBatch>, file: Output): Promise<void>;
  /** Called with each batch before stacks are merged, because merging may drop data that the output needs. */
  watch?(batch: StackBatch): void;
  /** Returns a report about the output once all stacks are written. */
  told?(): OutputTold;
  /** Does the work that remains once the file is complete. */
  afterwards?(): Promise<void>;
}

/** One kind of output: a row of the table in `table.ts`. */
export interface OutputKind<Flags = unknown> {
  /** The format's name, as given to `--output-format`. */
  readonly name: string;
  /** The file extensions, the most common one first. */
  readonly extensions: readonly string[];
  /** Error message for output to a terminal; absent if a terminal can show the output. */
  readonly notForTerminal?: string;
  /**
   * The frame fields that the output shows in addition to the label: the fields that are equal in all frames with the
   * label (`common`), all fields except the address (`fields`), or all fields (`addresses`). If absent, the output
   * shows only the label.
   */
  readonly shows?: 'common' | 'fields' | 'addresses';
  open(flags: Flags): Promise<StackOutput>;
}

/** Internal flags that make readers and the folder keep the fields that the output shows. */
export interface KeepFlags {
  readonly frames?: 'whole';
  readonly addresses?: boolean;
  readonly mergeBy?: 'frame';
}

/** Returns how much of each frame the name lookup must keep for this output. */
export function foundFramesFor({ shows }: Pick<OutputKind, 'shows'>): 'whole' | 'labels' {
  return shows === undefined ? 'labels' : 'whole';
}

export function keepFor({ shows }: Pick<OutputKind, 'shows'>): KeepFlags {
  if (shows === undefined || shows === 'common') return {};
  return { frames: 'whole', mergeBy: 'frame', ...(shows === 'addresses' && { addresses: true }) };
}
