import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** An output's report about itself. */
export interface OutputTold {
  /** The picture's contents, if one was drawn. */
  readonly drawn?: {
    /** Boxes without the root box. */
    readonly boxes: number;
    /** Weight of the outermost frames that are too narrow to be drawn. */
    readonly droppedWeight: number;
    /** Number of levels beyond `--max-depth`, which are not drawn. */
    readonly levelsCut: number;
    /** There are more boxes than `--max-boxes`, so only the widest are drawn. */
    readonly isLimited: boolean;
  };
}

/** Writes stacks to a file. */
export interface StackOutput {
  /** Writes all stacks and releases the batches. */
  write(batches: AsyncIterable<StackBatch>, file: Output): Promise<void>;
  /** Looks at stacks before they are merged, because merging may drop data that the output needs. */
  watch?(batch: StackBatch): void;
  /** Reports on the output once all stacks are written. */
  told?(): OutputTold;
  /** Does the remaining work once the file is complete. */
  afterwards?(): Promise<void>;
}

/** One kind of output: a row of the table in `table.ts`. */
export interface OutputKind<Flags = unknown> {
  /** Its name for `--output-format`. */
  readonly name: string;
  /** Its file name endings, the most usual first. */
  readonly extensions: readonly string[];
  /** Advice for users who would write it to a terminal; absent if a terminal can show it. */
  readonly notForTerminal?: string;
  /**
   * The frame fields that it shows besides the label: those that all frames with one label have in common, all except
   * the address, or all. If absent, it shows only the label.
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

/** How much of each frame the name lookup must keep for this output. */
export function foundFramesFor({ shows }: Pick<OutputKind, 'shows'>): 'whole' | 'labels' {
  return shows === undefined ? 'labels' : 'whole';
}

export function keepFor({ shows }: Pick<OutputKind, 'shows'>): KeepFlags {
  if (shows === undefined || shows === 'common') return {};
  return { frames: 'whole', mergeBy: 'frame', ...(shows === 'addresses' && { addresses: true }) };
}
