import type { Readable } from 'node:stream';
import type { ByteSources } from '@stapflame/stacks/stream';
import type { ReadSummary } from '@stapflame/stacks';
import type { ParserSummary } from '@stapflame/stap-parser';

/** A report about an input, in addition to the stacks and their facts. */
export interface InputTold {
  /** The summary of the parser for SystemTap traces; absent for other inputs. */
  readonly trace?: ParserSummary;
  /** The summary of the parser for another sampler's output. */
  readonly read?: ReadSummary;
  /** Notes for the summary line about parts of the input that were left out. */
  readonly notes?: readonly string[];
  /** How many lines of folded text are neither stack nor comment, and the first one's line number. */
  readonly ignoredLines?: number;
  readonly firstIgnoredLine?: number;
}

/** The stacks of an input while it is read. */
export interface StackInput {
  /** Yields batches of stacks. */
  readonly batches: Readable;
  /** A report about the input read so far. */
  told(): InputTold;
  /**
   * Why nothing in the input can be used; `undefined` if something can. Called after everything was read; `heads`
   * are the first bytes of each file.
   */
  unusable(heads: readonly Uint8Array[]): string | undefined;
}

/** One kind of input: a row of the table in `table.ts`. */
export interface InputKind {
  /** Completes the sentence "it is …". */
  readonly name: string;
  /** Whether an input with these first bytes is of this kind. */
  recognise(head: Uint8Array, text: string): boolean;
  /** What users can do with such an input if a command cannot read it. */
  readonly advice: string;
}

/** A kind of input that commands can read. */
export interface ReadableKind<Flags = unknown> extends InputKind {
  /** Its name for `--input`. */
  readonly word: string;
  open(sources: ByteSources, flags: Flags): Promise<StackInput>;
}
