import type { StackBatch } from '../batch.ts';
import { StackBuilder } from '../builder.ts';
import { StacksError } from '../errors.ts';
import { combineFacts, type Facts } from '../facts.ts';
import { addComment } from './facts-text.ts';
import { PlainScanner } from './plain-scanner.ts';
import { BATCH_FRAMES, MAX_COMMENT, MAX_LINE, Stop, type FoldedScanner } from './scanner.ts';
import { WasmScanner } from './wasm-scanner.ts';

/** A summary of what was read. */
export interface FoldedReaderSummary {
  readonly bytes: number;
  /** Number of stacks read. */
  readonly stacks: number;
  /** Number of lines that are neither stacks nor comments nor blank. */
  readonly ignoredLines: number;
  /** The line number of the first ignored line, counted from 1. */
  readonly firstIgnoredLine: number | undefined;
}

const HASH = 0x23;

/**
 * Reads folded text, and returns batches of stacks. These rules apply wherever stapflame reads folded text:
 *
 * - A line has the format `root;…;leaf COUNT` or, in a comparison, `root;…;leaf BEFORE AFTER`. If a line in a
 *   comparison has only one count, this count is used for both. Counts are plain decimal numbers such as `6.` and
 *   `1.5`; the last count on a line may have an exponent (`3e2`).
 * - Blanks and carriage returns at the end of a line are ignored, and so is a byte order mark at the start of an input.
 * - Names are turned into valid labels (see `labelOf`). Control characters and bytes that are not valid UTF-8 become
 *   U+FFFD, so names that differ only in such bytes get the same label. An empty name becomes `[empty]`.
 * - A line that begins with `# ` is a comment. A comment `# stapflame KEY=VALUE …` contains facts about the stacks.
 * - Any other line is ignored, but counted.
 */
export class FoldedReader {
  readonly #scanner: FoldedScanner;
  readonly #builder = new StackBuilder();
  readonly #decoder = new TextDecoder();
  readonly #ready: StackBatch[] = [];
  #readyFrames = 0;
  #facts: Facts = {};
  /** The facts read so far in the current input. */
  #inputFacts: Facts = {};
  #inputs = 0;
  #bytes = 0;
  #stacks = 0;
  #ignored = 0;
  #firstIgnored: number | undefined;

  /** @param scanner by default the WebAssembly scanner, or the plain scanner if WebAssembly cannot run here */
  constructor(scanner: FoldedScanner = createScanner()) {
    this.#scanner = scanner;
  }

  /** Reads a chunk of the input. Chunks may end anywhere. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const space = this.space();
      const length = Math.min(space.length, chunk.length - at);
      space.set(chunk.subarray(at, at + length));
      this.advance(length);
      at += length;
    }
  }

  /** Returns a buffer for input, which avoids a copy. Write the next bytes at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads the `length` bytes written into {@link space}. */
  advance(length: number): void {
    this.#bytes += length;
    this.#scanner.advance(length);
    this.#scan();
  }

  #scan(): void {
    const scanner = this.#scanner;
    for (;;) {
      const stop = scanner.scan();
      if (stop === Stop.INPUT) return;
      if (stop === Stop.OTHER) this.#readOther(scanner.other());
      else if (stop === Stop.FULL) this.#takeColumns();
      else if (stop === Stop.NO_MEMORY)
        throw new RangeError('there is not enough memory to read the folded text');
      else {
        const line = scanner.lines + 1;
        throw new StacksError(
          'LINE_TOO_LONG',
          `line ${line} is longer than ${MAX_LINE} bytes; is the input really folded text (root;…;leaf COUNT)?`,
          line,
        );
      }
    }
  }

  #readOther(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (bytes[0] !== HASH) {
      this.#ignored++;
      this.#firstIgnored ??= this.#scanner.lines;
      return;
    }
    const comment = this.#decoder.decode(bytes.subarray(0, MAX_COMMENT));
    this.#inputFacts = addComment(this.#inputFacts, comment);
  }

  #takeColumns(): void {
    const scanner = this.#scanner;
    if (scanner.waiting > 0) {
      this.#builder.weightColumns = scanner.hasPairs ? 2 : 1;
      scanner.moveTo(this.#builder);
      this.#stacks += this.#builder.stackCount;
      this.#readyFrames += this.#builder.frameCount;
      this.#ready.push(this.#builder.take(scanner.table, this.#factsSoFar()));
    }
    if (scanner.tableIsFull) scanner.renewTable();
  }

  #factsSoFar(): Facts {
    return this.#inputs === 0 ? this.#inputFacts : combineFacts(this.#facts, this.#inputFacts);
  }

  /** The facts read so far in the current input. */
  get inputFacts(): Facts {
    return this.#inputFacts;
  }

  /** Whether enough stacks for a batch have been read. */
  get full(): boolean {
    return this.#readyFrames >= BATCH_FRAMES;
  }

  /** Returns the stacks read since the last call. The last batch may have no stacks, only newer facts. */
  take(): StackBatch[] {
    this.#takeColumns();
    this.#readyFrames = 0;
    return this.#ready.splice(0);
  }

  /** Ends the input, whose last line need not end in a line feed. Later bytes belong to another input. */
  endInput(): void {
    if (this.#scanner.pending() > 0) {
      this.#scanner.space()[0] = 0x0a;
      this.#scanner.advance(1);
      this.#scan();
    }
    this.#takeColumns();
    this.#facts = this.#factsSoFar();
    this.#inputFacts = {};
    this.#inputs++;
    this.#scanner.restart();
    this.#ready.push(this.#builder.take(this.#scanner.table, this.#facts));
  }

  /** Ends the input, and returns the remaining stacks. */
  finish(): StackBatch[] {
    this.endInput();
    return this.take();
  }

  summary(): FoldedReaderSummary {
    return {
      bytes: this.#bytes,
      stacks: this.#stacks,
      ignoredLines: this.#ignored,
      firstIgnoredLine: this.#firstIgnored,
    };
  }
}

function createScanner(): FoldedScanner {
  try {
    return new WasmScanner();
  } catch {
    return new PlainScanner();
  }
}
