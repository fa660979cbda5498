import { LineReader, Token, type LineHandler } from '@stapflame/line-scanner';
import { Records, type Damage, type ReadSummary, type StackBatch } from '@stapflame/stacks';
import { asLeaf, framesOf, isFrameLine } from './frame-line.ts';
import { resolveOptions, type DtraceOptions, type ResolvedOptions } from './options.ts';

/** A summary of what was read and what was lost. A record is one element of an aggregation. */
export interface DtraceSummary extends ReadSummary {
  /** Number of input bytes. */
  readonly bytes: number;
}

/** Matches lines that dtrace prints around aggregations: its header, and one line for each probe that fired. */
const HEADER =
  /^\s*CPU\s+ID\s+FUNCTION:NAME\s*$|^\s*\d{1,9}\s+\d{1,9}\s+\S*:\S*\s*$|^dtrace: (?:script|description) /;
const DROPS = /^dtrace: (\d{1,15}) (?:[a-z]+ ){0,2}drops?\b/;
const FAILED = /^dtrace: /;
/** Matches the lines of a distribution (`quantize()`). A distribution is not a number of samples. */
const DISTRIBUTION = /-{4,} Distribution -{4,}|^\s+-?\d+ \|/;
/** Maximum number of keys in a record; no aggregation has more. */
const MOST_KEYS = 32;
/** Matches the last key after a stack, followed by the count on the same line. */
const KEY_AND_COUNT = /^ {1,5}(\S.{0,400}?) {2,400}(\d{1,15})$/;

/**
 * Reads DTrace aggregations whose keys contain stacks. Bytes go in and {@link StackBatch}es come out, in the order of
 * the input. The summary counts damaged records. This class does not use streams, so the caller may take batches at any
 * time.
 */
export class DtraceParser implements LineHandler {
  readonly #options: ResolvedOptions;
  readonly #lines: LineReader;
  readonly #records: Records;
  /** The open record's keys, except its stack. */
  #keys: string[] = [];
  #damage: Damage | undefined;

  constructor(options: DtraceOptions = {}) {
    this.#options = resolveOptions(options);
    this.#records = new Records(this.#options);
    const { maxLineLength, maxTableFrames, scanner } = this.#options;
    const lines = { maxLineLength, maxLines: maxTableFrames, addresses: true, blanks: false, marks: true };
    this.#lines = new LineReader(lines, scanner, this);
  }

  /** Returns a buffer for input. Write the next bytes at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#lines.space();
  }

  /** Reads the `length` bytes written into {@link space}. The input may be split anywhere. */
  advance(length: number): void {
    this.#lines.advance(length);
  }

  /** Whether enough stacks have been read to call {@link take}. */
  get full(): boolean {
    return this.#records.full;
  }

  /** Returns the stacks read since the last call. */
  take(): StackBatch[] {
    return this.#records.take();
  }

  /** Ends the current input. Bytes read after this call belong to another input. */
  endInput(): void {
    this.#lines.endInput();
    if (this.#isOpen) this.#truncate();
    this.#records.endInput();
  }

  summary(): DtraceSummary {
    return { ...this.#records.tally.summary(), bytes: this.#lines.bytes };
  }

  /** Reads tokens: known frames, and the counts that end records. */
  readTokens(tokens: Uint32Array, count: number): void {
    for (let i = 0; i < count;) {
      const from = i;
      while (i < count && tokens[i]! < Token.COUNT) i++;
      if (i > from) this.#add(tokens, from, i);
      if (i === count) return;
      if (tokens[i] === Token.COUNT) this.#end(tokens[i + 2]! * 0x100000000 + tokens[i + 1]!);
      // a trace from another sampler may contain marks; skip each mark and the words that belong to it
      i += tokens[i] === Token.COUNT ? 4 : tokens[i] === Token.OPEN ? 2 : 1;
    }
  }

  #add(words: Uint32Array, from: number, to: number): void {
    if (!this.#records.add(words, from, to)) this.readBroken('long-record');
  }

  /** Marks the open record as damaged. */
  readBroken(reason: Damage['reason']): void {
    this.#damage ??= { offset: this.#lines.offset, reason };
  }

  /** Reads a line that the scanner does not know yet. Returns the line's new token if the line is a frame. */
  readLine(text: string): number | undefined {
    const { tally, length } = this.#records;
    if (text.trim() === '' || HEADER.test(text)) return undefined;
    const drops = DROPS.exec(text);
    const isLast = length > 0 ? KEY_AND_COUNT.exec(text) : null;
    if (drops) tally.lost += Number(drops[1]);
    else if (FAILED.test(text)) tally.errors++;
    else if (DISTRIBUTION.test(text)) tally.ignore({ offset: this.#lines.offset, text });
    else if (this.#lines.atEnd) this.#truncate();
    else if (isFrameLine(text)) return this.#frame(text);
    else if (isLast) this.#end(Number(isLast[2]), isLast[1]!);
    else this.#addKey(text);
    return undefined;
  }

  #frame(text: string): number {
    if (this.#records.makeRoom()) this.#lines.forget();
    return this.#records.frames.add(framesOf(text, this.#options.label.offset));
  }

  /** Adds the keys of a line such as `  bash        1234`. A line without indentation contains no keys. */
  #addKey(text: string): void {
    if (/^\s/.test(text) && this.#keys.length < MOST_KEYS)
      this.#keys.push(text.trim().replaceAll(/ +/g, ' '));
    else this.#records.tally.ignore({ offset: this.#lines.offset, text });
  }

  get #isOpen(): boolean {
    return this.#records.length > 0 || this.#damage !== undefined;
  }

  #truncate(): void {
    this.#records.tally.truncated++;
    this.#clear();
  }

  #clear(): void {
    this.#records.clear();
    this.#keys = [];
    this.#damage = undefined;
  }

  /** Ends a record with its count. At the end of the input, the count is ignored because it may be missing digits. */
  #end(count: number, ...lastKeys: readonly string[]): void {
    if (this.#lines.atEnd) this.#truncate();
    else if (this.#isOpen || this.#keys.length > 0) {
      if (this.#options.label.offset) this.#records.mapLeaf(asLeaf);
      this.#records.end(count, [...this.#keys, ...lastKeys].toReversed(), this.#damage);
    }
    this.#clear();
  }
}
