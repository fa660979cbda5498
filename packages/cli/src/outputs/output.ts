import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** What an output tells of itself. */
export interface OutputTold {
  /** What is in the picture, where one was drawn. */
  readonly drawn?: {
    /** Boxes beside the root. */
    readonly boxes: number;
    /** Weight of the outermost frames that are too narrow to be drawn. */
    readonly droppedWeight: number;
    /** Levels that are deeper than `--max-depth` and not drawn. */
    readonly levelsCut: number;
  };
}

/** Writes stacks to a file. */
export interface StackOutput {
  /** Writes all stacks; gives back the batches. */
  write(batches: AsyncIterable<StackBatch>, file: Output): Promise<void>;
  /** What became of the stacks, when all are written. */
  told?(): OutputTold;
  /** What is still to be done when the file is whole. */
  afterwards?(): Promise<void>;
}

/** One kind of output: a row of the table in `table.ts`. */
export interface OutputKind<Flags = unknown> {
  /** Its name for `--output-format`. */
  readonly name: string;
  /** How the names of its files end, the usual way first. */
  readonly extensions: readonly string[];
  /** What to do instead where it would go to a terminal; absent where a terminal can show it. */
  readonly notForTerminal?: string;
  /** What it shows of a frame beside the label: nothing, its other fields, or those and its address. */
  readonly shows?: 'fields' | 'addresses';
  open(flags: Flags): Promise<StackOutput>;
}

/** Flags that have readers and the folder keep what an output shows; they are not on the command line. */
export interface KeepFlags {
  readonly frames?: 'whole';
  readonly addresses?: boolean;
  readonly mergeBy?: 'frame';
}

export function keepFor({ shows }: Pick<OutputKind, 'shows'>): KeepFlags {
  if (shows === undefined) return {};
  return { frames: 'whole', mergeBy: 'frame', ...(shows === 'addresses' && { addresses: true }) };
}
