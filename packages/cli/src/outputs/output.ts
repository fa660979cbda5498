import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** What an output reports about itself. */
export interface OutputTold {
  /** What is in the picture, if one was drawn. */
  readonly drawn?: {
    /** Boxes beside the root. */
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
  /** Writes all stacks; gives back the batches. */
  write(batches: AsyncIterable<StackBatch>, file: Output): Promise<void>;
  /** What became of the stacks, once all are written. */
  told?(): OutputTold;
  /** What remains to be done once the file is complete. */
  afterwards?(): Promise<void>;
}

/** One kind of output: a row of the table in `table.ts`. */
export interface OutputKind<Flags = unknown> {
  /** Its name for `--output-format`. */
  readonly name: string;
  /** How the names of its files end, the usual way first. */
  readonly extensions: readonly string[];
  /** What to do instead of writing to a terminal; absent if a terminal can show it. */
  readonly notForTerminal?: string;
  /** What it shows of a frame beside the label: nothing, its other fields, or those and its address. */
  readonly shows?: 'fields' | 'addresses';
  open(flags: Flags): Promise<StackOutput>;
}

/** Internal flags that make readers and the folder keep what the output shows. */
export interface KeepFlags {
  readonly frames?: 'whole';
  readonly addresses?: boolean;
  readonly mergeBy?: 'frame';
}

export function keepFor({ shows }: Pick<OutputKind, 'shows'>): KeepFlags {
  if (shows === undefined) return {};
  return { frames: 'whole', mergeBy: 'frame', ...(shows === 'addresses' && { addresses: true }) };
}
