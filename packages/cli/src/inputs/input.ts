import type { Readable } from 'node:stream';
import type { ByteSources } from '@stapflame/stacks/stream';
import type { ReadSummary } from '@stapflame/stacks';
import type { ParserSummary } from '@stapflame/stap-parser';

/** The data that a reader reports for the summary, in addition to the stacks and their facts. */
export interface InputTold {
  /** The SystemTap parser's summary; absent for other inputs. */
  readonly trace?: ParserSummary;
  /** The summary of another sampler's parser; absent for SystemTap traces. */
  readonly read?: ReadSummary;
  /** Notes for the summary line about parts of the input that were left out. */
  readonly notes?: readonly string[];
  /** Number of lines of folded text that are neither stacks nor comments. */
  readonly ignoredLines?: number;
  readonly firstIgnoredLine?: number;
}

/** An open input, and the stacks that are read from it. */
export interface StackInput {
  /** Yields batches of stacks. */
  readonly batches: Readable;
  /** Returns a report on the input read so far. */
  told(): InputTold;
  /**
   * Returns why nothing in the input can be used, or `undefined` if part of the input can be used. Called once
   * everything has been read. `heads` holds the first bytes of each file.
   */
  unusable(heads: readonly Uint8Array[]): string | undefined;
}

/** One kind of input: a row of the table in `table.ts`. */
export interface InputKind {
  /** The kind's name. It completes the sentence "it is …". */
  readonly name: string;
  /** Whether an input with these first bytes is of this kind. */
  recognise(head: Uint8Array, text: string): boolean;
  /** Advice for the user when a command cannot read this kind of input. */
  readonly advice: string;
}

/** A kind of input that commands can read. */
export interface ReadableKind<Flags = unknown> extends InputKind {
  /** The kind's name, as given to `--input`. */
  readonly word: string;
  open(sources: ByteSources, flags: Flags): Promise<StackInput>;
}
