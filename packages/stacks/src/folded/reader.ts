import type { StackBatch } from '../batch.ts';
import { StackBuilder } from '../builder.ts';
import { StacksError } from '../errors.ts';
import { combineFacts, type Facts } from '../facts.ts';
import { addComment } from './facts-text.ts';
import { PlainScanner } from './plain-scanner.ts';
import { BATCH_FRAMES, MAX_COMMENT, MAX_LINE, Stop, type FoldedScanner } from './scanner.ts';
import { WasmScanner } from './wasm-scanner.ts';

/** A summary of the folded text that was read. */
export interface FoldedReaderSummary {
  readonly bytes: number;
  /** Number of stacks read. */
  readonly stacks: number;
  /** Number of lines that are not a stack, a comment or blank, and the line number of the first, from 1. */
  readonly ignoredLines: number;
  readonly firstIgnoredLine: number | undefined;
}

const HASH = 0x23;

/**
 * Reads folded text: bytes in, batches of stacks out. Every part of stapflame reads folded text by these rules:
 *
 * - A line is `root;…;leaf COUNT`, or `root;…;leaf BEFORE AFTER` in a comparison. If a line in a comparison has only
 *   one count, it is used for both. Counts are plain decimal numbers such as `6.` and `1.5`; the last count on a line
 *   may have an exponent (`3e2`).
 * - Blanks and carriage returns at the end of a line are ignored, and so is a byte order mark at the start of an input.
 * - Names become labels (`labelOf`): control characters and bytes that are not UTF-8 become U+FFFD, so names that differ
 *   only in these get the same label. An empty name becomes `[empty]`.
 * - A line that begins with `# ` is a comment; `# stapflame KEY=VALUE …` carries facts about the stacks.
 * - Any other line is ignored, but counted.
 */
export class FoldedReader {
  readonly #scanner: FoldedScanner;
  readonly #builder = new StackBuilder();
  readonly #decoder = new TextDecoder();
  readonly #ready: StackBatch[] = [];
  #readyFrames = 0;
  #facts: Facts = {};
  /** The facts in the current input. */
  #inputFacts: Facts = {};
  #inputs = 0;
  #bytes = 0;
  #stacks = 0;
  #ignored = 0;
  #firstIgnored: number | undefined;

  /** @param scanner by default the WebAssembly scanner if WebAssembly runs here, otherwise the plain one */
  constructor(scanner: FoldedScanner = createScanner()) {
    this.#scanner = scanner;
  }

  /** Reads a piece of the input. It may be cut anywhere. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const space = this.space();
      const length = Math.min(space.length, chunk.length - at);
      space.set(chunk.subarray(at, at + length));
      this.advance(length);
      at += length;
    }
  }

  /** Room for the next bytes, which avoids a copy: write them at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads `length` bytes that were written into {@link space}. */
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
      else if (stop === Stop.NO_MEMORY) throw new RangeError('no memory to read folded text');
      else {
        const line = scanner.lines + 1;
        throw new StacksError(
          'LINE_TOO_LONG',
          `line ${line} is over ${MAX_LINE} bytes long; is it folded text (root;…;leaf COUNT)?`,
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

  /** The facts known so far about the current input. */
  get inputFacts(): Facts {
    return this.#inputFacts;
  }

  /** Whether enough has been read for a batch. */
  get full(): boolean {
    return this.#readyFrames >= BATCH_FRAMES;
  }

  /** Takes the stacks read since the last call. A batch without stacks may carry newer facts. */
  take(): StackBatch[] {
    this.#takeColumns();
    this.#readyFrames = 0;
    return this.#ready.splice(0);
  }

  /** Ends the input; its last line may lack the line end. Later bytes belong to another input. */
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

  /** Ends the only input and takes the remaining stacks. */
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
