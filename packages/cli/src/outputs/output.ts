import type { StackBatch } from '@stapflame/stacks';
import type { Output } from '../io/output.ts';

/** Writes stacks to a file. */
export interface StackOutput {
  /** Writes all stacks; gives back the batches. */
  write(batches: AsyncIterable<StackBatch>, file: Output): Promise<void>;
  /** What is still to be done when the file is whole. */
  afterwards?(): Promise<void>;
}

/** One kind of output: a row of the table in `table.ts`. */
export interface OutputKind<Flags = unknown> {
  readonly name: string;
  /** Of its files, with the dot. */
  readonly extension: string;
  open(flags: Flags): Promise<StackOutput>;
}
