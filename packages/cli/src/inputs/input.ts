import type { Readable } from 'node:stream';
import type { ByteSources } from '@stapflame/stacks/stream';
import type { ReadSummary } from '@stapflame/stacks';
import type { ParserSummary } from '@stapflame/stap-parser';

/** What was read from an input, in addition to the stacks and their facts. */
export interface InputTold {
  /** What the parser for SystemTap traces read; absent for other inputs. */
  readonly trace?: ParserSummary;
  /** What the parser of another sampler's output read. */
  readonly read?: ReadSummary;
  /** What was left out, for the summary line. */
  readonly notes?: readonly string[];
  /** Lines of folded text that are neither stack nor comment, and the number of the first. */
  readonly ignoredLines?: number;
  readonly firstIgnoredLine?: number;
}

/** The stacks of an input while it is read. */
export interface StackInput {
  /** Gives batches of stacks. */
  readonly batches: Readable;
  /** What has been read so far. */
  told(): InputTold;
  /**
   * Why nothing in the input can be used; `undefined` if something can. Called after everything was read; `heads`
   * are the first bytes.
   */
  unusable(heads: readonly Uint8Array[]): string | undefined;
}

/** One kind of input: a row of the table in `table.ts`. */
export interface InputKind {
  /** Completes the sentence "it is …". */
  readonly name: string;
  /** Whether the first bytes of an input are of this kind. */
  recognise(head: Uint8Array, text: string): boolean;
  /** What to do with it if a command cannot read it. */
  readonly advice: string;
}

/** A kind of input that commands can read. */
export interface ReadableKind<Flags = unknown> extends InputKind {
  /** Its name for `--input`. */
  readonly word: string;
  open(sources: ByteSources, flags: Flags): Promise<StackInput>;
}
