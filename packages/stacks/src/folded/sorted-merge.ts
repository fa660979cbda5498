import { StacksError } from '../errors.ts';
import type { Facts } from '../facts.ts';
import { createLineMemory, type LineMemory } from './line-memory.ts';
import { orderAt, SortedLines, type GrowingText, type TextSource } from './sorted-lines.ts';

/** The result of reading a complete input of folded text with {@link SortedSurveyor}. */
export interface SortedSurvey {
  /** Whether the input can be merged line by line: it is sorted frame by frame, in the format of `FoldedWriter`. */
  readonly isSorted: boolean;
  readonly facts: Facts;
  /** The facts in the comments before the first stack. */
  readonly firstFacts: Facts;
  readonly stacks: number;
  /** Sum of the counts. */
  readonly weight: number;
  /** Whether the last line does not end in a line feed, which may mean that it is incomplete. */
  readonly isCut: boolean;
}

/** Number of bytes that a surveyor reads at a time. */
const ONE_BUFFER = 1 << 17;

/** Checks whether {@link SortedMerge} can merge folded text. This takes about a third of the time of a merge. */
export class SortedSurveyor {
  readonly #memory: LineMemory;

  constructor(memory: LineMemory = createLineMemory()) {
    this.#memory = memory;
  }

  survey(source: TextSource): SortedSurvey {
    this.#memory.clear();
    const lines = new SortedLines(source, this.#memory, ONE_BUFFER);
    let stacks = 0;
    let weight = 0;
    let firstFacts: Facts | undefined;
    while (lines.next()) {
      firstFacts ??= lines.facts;
      stacks++;
      weight += lines.count;
    }
    const { facts, fault, isCut } = lines;
    return {
      isSorted: fault === undefined,
      facts,
      firstFacts: firstFacts ?? facts,
      stacks,
      weight,
      isCut,
    };
  }
}

export interface SortedMergeOptions {
  /** Number of bytes to read from each input at a time. @defaultValue 16384 */
  readonly buffer?: number;
  /** Label of a root frame to add to each stack. @defaultValue no root frame is added */
  readonly root?: string;
}

/** Number of output bytes to collect before passing them on. */
const CHUNK = 1 << 18;
/** Maximum number of bytes for a count, including the blank before it and the line feed after it. */
const COUNT = 32;
const NOTHING = new Uint8Array();
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/**
 * Merges inputs of sorted folded text into one, line by line, with a loser tree. The counts of equal stacks are added
 * up. For each input's current stack, we know how many bytes it shares with the last stack written, so most comparisons
 * only compare two numbers. Merging numbered names instead of bytes took three times as long.
 */
export class SortedMerge {
  readonly #memory: LineMemory;
  readonly #texts: readonly SortedLines[];
  /**
   * The loser of each match, as an input number. Entry 0 is the winner of all matches.
   *
   *     1              the last match
   *     2   3          the matches whose winners play the last match
   *     4 5 6 7        inputs 0 … 3
   */
  readonly #losers: Int32Array;
  readonly #root: Uint8Array;
  /** The position in memory of the merged lines that have not been taken yet, and the space available there. */
  #chunk: number;
  #size = CHUNK * 2;
  #used = 0;
  distinct = 0;

  constructor(
    sources: readonly GrowingText[],
    { buffer = 1 << 14, root }: SortedMergeOptions = {},
    memory: LineMemory = createLineMemory(),
  ) {
    this.#memory = memory;
    this.#texts = sources.map((source) => new SortedLines(source, memory, buffer));
    this.#chunk = memory.allocate(this.#size);
    this.#losers = new Int32Array(Math.max(sources.length, 1));
    this.#root = new TextEncoder().encode(root === undefined ? '' : `${root};`);
  }

  /**
   * Returns the merged lines in chunks. Each chunk is valid until the next one is requested. An empty chunk means that
   * a source has no bytes yet: request the next chunk when it has more.
   */
  *lines(): Generator<Uint8Array> {
    if (this.#texts.length === 0) return;
    for (const text of this.#texts) while (!this.#advance(text)) yield NOTHING;
    this.#losers[0] = this.#play(1);
    let length = -1;
    let sum = 0;
    for (let text = this.#texts[this.#losers[0]]!; !text.ended; text = this.#texts[this.#losers[0]!]!) {
      if (text.length === length && text.shared === length) sum += text.count;
      else {
        if (length >= 0) this.#endLine(sum);
        if (this.#used >= CHUNK) yield this.#take();
        ({ length, count: sum } = text);
        this.#beginLine(text);
      }
      while (!this.#advance(text)) yield NOTHING;
      this.#replay(this.#losers[0]!);
    }
    if (length >= 0) this.#endLine(sum);
    if (this.#used > 0) yield this.#take();
  }

  /** Moves an input to its next line, or its end. Returns `false` while the input waits for bytes. */
  #advance(text: SortedLines): boolean {
    if (text.next()) return true;
    if (text.fault === undefined) return !text.isWaiting;
    throw new StacksError(
      'UNSORTED',
      `cannot merge folded text that is ${text.fault}; check it with SortedSurveyor first, and do not change it before it is merged`,
    );
  }

  /** Plays the match at this node of the tree and all matches below it. Returns the winner's input number. */
  #play(place: number): number {
    const texts = this.#texts.length;
    if (place >= texts) return place - texts;
    const [one, other] = [this.#play(place * 2), this.#play(place * 2 + 1)];
    const wins = this.#comesFirst(this.#texts[one]!, this.#texts[other]!);
    this.#losers[place] = wins ? other : one;
    return wins ? one : other;
  }

  /** Replays an input's matches after the input has moved to its next line. */
  #replay(text: number): void {
    let winner = text;
    for (let place = (text + this.#texts.length) >> 1; place > 0; place >>= 1) {
      const loser = this.#losers[place]!;
      if (this.#comesFirst(this.#texts[winner]!, this.#texts[loser]!)) continue;
      this.#losers[place] = winner;
      winner = loser;
    }
    this.#losers[0] = winner;
  }

  /**
   * Whether stack `a` comes before stack `b`. Both come after the last stack written. The stack that shares more bytes
   * with this last stack comes first, and the loser shares exactly as many bytes with the winner as with the last
   * stack. So the loser's `shared` is still correct after the winner is written.
   */
  #comesFirst(a: SortedLines, b: SortedLines): boolean {
    if (a.ended || b.ended) return b.ended;
    if (a.shared !== b.shared) return a.shared > b.shared;
    const memory = this.#memory;
    const both = a.shared;
    const most = Math.min(a.length, b.length) - both;
    const at = both + memory.same(a.start + both, b.start + both, most);
    const { bytes } = memory;
    const first = orderAt(bytes, a.start, a.length, at) <= orderAt(bytes, b.start, b.length, at);
    if (first) b.shared = at;
    else a.shared = at;
    return first;
  }

  #beginLine({ start, length }: SortedLines): void {
    const memory = this.#memory;
    const root = this.#root;
    this.#reserve(root.length + length + COUNT);
    const at = this.#chunk + this.#used;
    if (root.length > 0) memory.bytes.set(root, at);
    memory.copy(at + root.length, start, length);
    this.#used += root.length + length;
    this.distinct++;
  }

  #endLine(sum: number): void {
    const text = BigInt(sum).toString();
    const { bytes } = this.#memory;
    let at = this.#chunk + this.#used;
    bytes[at++] = SPACE;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    bytes[at++] = LINE_FEED;
    this.#used = at - this.#chunk;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#size) return;
    const chunk = this.#chunk;
    this.#size = (this.#used + bytes) * 2;
    this.#chunk = this.#memory.allocate(this.#size);
    this.#memory.copy(this.#chunk, chunk, this.#used);
  }

  #take(): Uint8Array {
    const piece = this.#memory.bytes.subarray(this.#chunk, this.#chunk + this.#used);
    this.#used = 0;
    return piece;
  }
}
