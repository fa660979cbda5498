import { LineReader, Token, type LineHandler } from '@stapflame/line-scanner';
import { Records, type Damage, type ReadSummary, type StackBatch } from '@stapflame/stacks';
import { asLeaf, framesOf, isFrameLine } from './frame-line.ts';
import { resolveOptions, type DtraceOptions, type ResolvedOptions } from './options.ts';

/** What the parser read, and what it lost; a record is one element of an aggregation. */
export interface DtraceSummary extends ReadSummary {
  /** Bytes of input. */
  readonly bytes: number;
}

/** What dtrace prints around aggregations: its header, and one line for each probe that fired. */
const HEADER =
  /^\s*CPU\s+ID\s+FUNCTION:NAME\s*$|^\s*\d{1,9}\s+\d{1,9}\s+\S*:\S*\s*$|^dtrace: (?:script|description) /;
const DROPS = /^dtrace: (\d{1,15}) (?:[a-z]+ ){0,2}drops?\b/;
const FAILED = /^dtrace: /;
/** A distribution (quantize()) is not a number of samples. */
const DISTRIBUTION = /-{4,} Distribution -{4,}|^\s+-?\d+ \|/;
/** No aggregation has this many keys. */
const MOST_KEYS = 32;
/** The last key after a stack, and the value. */
const KEY_AND_COUNT = /^ {1,5}(\S.{0,400}?) {2,400}(\d{1,15})$/;

/**
 * Reads aggregations of DTrace keyed by stacks: bytes in, {@link StackBatch}es out, damage counted in the summary. It
 * knows nothing about streams: the caller takes batches whenever it likes, and they come in order.
 */
export class DtraceParser implements LineHandler {
  readonly #options: ResolvedOptions;
  readonly #lines: LineReader;
  readonly #records: Records;
  /** Keys of the open record in addition to its stack. */
  #keys: string[] = [];
  #damage: Damage | undefined;

  constructor(options: DtraceOptions = {}) {
    this.#options = resolveOptions(options);
    this.#records = new Records(this.#options);
    const { maxLineLength, maxTableFrames, scanner } = this.#options;
    const lines = { maxLineLength, maxLines: maxTableFrames, addresses: true, blanks: false, marks: true };
    this.#lines = new LineReader(lines, scanner, this);
  }

  /** Where the next bytes are put: write at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#lines.space();
  }

  /** Reads `length` bytes that were put into {@link space}. The input may be cut anywhere. */
  advance(length: number): void {
    this.#lines.advance(length);
  }

  /** Enough stacks are waiting: call {@link take} now. */
  get full(): boolean {
    return this.#records.full;
  }

  /** The stacks read since the last call. */
  take(): StackBatch[] {
    return this.#records.take();
  }

  /** The input ends here; the next bytes belong to another input. */
  endInput(): void {
    this.#lines.endInput();
    if (this.#isOpen) this.#truncate();
    this.#records.endInput();
  }

  summary(): DtraceSummary {
    return { ...this.#records.tally.summary(), bytes: this.#lines.bytes };
  }

  /** Reads known lines of stacks, and the counts that end records. */
  readTokens(tokens: Uint32Array, count: number): void {
    for (let i = 0; i < count;) {
      const from = i;
      while (i < count && tokens[i]! < Token.COUNT) i++;
      if (i > from) this.#add(tokens, from, i);
      if (i === count) return;
      if (tokens[i] === Token.COUNT) this.#end(tokens[i + 2]! * 0x100000000 + tokens[i + 1]!);
      // marks in traces of another sampler are followed by other words
      i += tokens[i] === Token.COUNT ? 4 : tokens[i] === Token.OPEN ? 2 : 1;
    }
  }

  #add(words: Uint32Array, from: number, to: number): void {
    if (!this.#records.add(words, from, to)) this.readBroken('long-record');
  }

  /** The open record cannot be trusted. */
  readBroken(reason: Damage['reason']): void {
    this.#damage ??= { offset: this.#lines.offset, reason };
  }

  /** Reads a line that was not seen before, and returns its word if it belongs to a stack. */
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

  /** `  bash        1234`: a key, or several in one line. Text in the first column is not a key. */
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

  /** The number that ends a record. One that the end of the input may have cut off means nothing. */
  #end(count: number, ...lastKeys: readonly string[]): void {
    if (this.#lines.atEnd) this.#truncate();
    else if (this.#isOpen || this.#keys.length > 0) {
      if (this.#options.label.offset) this.#records.mapLeaf(asLeaf);
      this.#records.end(count, [...this.#keys, ...lastKeys].toReversed(), this.#damage);
    }
    this.#clear();
  }
}
