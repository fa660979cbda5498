import type { SpillFile } from '@stapflame/stacks';

/**
 * A sorted run on disk. It contains sequences of numbers with their weights, each written as
 *
 *     number of leading numbers shared with the previous sequence │ number of remaining numbers │
 *     remaining numbers … │ weight …
 *
 * Numbers are written as LEB128. Weights, too, are written as LEB128 if all of them are whole numbers; otherwise, each
 * weight is written as an eight-byte double. The stacks in a gigabyte of trace take about 40 MB in this format.
 */

const WRITE_BUFFER = 1 << 16;
/** Size of a reader's buffer, in bytes. It is small because there may be hundreds of readers. */
const READ_BUFFER = 1 << 14;
/** Maximum length of a number in LEB128, in bytes. Numbers have at most 53 bits. */
const NUMBER_BYTES = 8;

export interface Run {
  readonly file: SpillFile;
  /** Number of weight columns. */
  readonly columns: number;
  /** Whether all weights are whole numbers. */
  readonly whole: boolean;
}

export class RunWriter {
  readonly #run: Run;
  /** The number to write for each rank; `undefined` to write the ranks themselves. */
  readonly #idOf: Uint32Array | undefined;
  readonly #buffer = new Uint8Array(WRITE_BUFFER);
  readonly #float = new DataView(this.#buffer.buffer);
  #used = 0;
  #previous = new Uint32Array(64);
  #previousLength = 0;

  constructor(run: Run, idOf: Uint32Array | undefined) {
    this.#run = run;
    this.#idOf = idOf;
  }

  /** Appends the sequence `values[from … from + length − 1]`. */
  add(values: Uint32Array, from: number, length: number, weights: readonly number[]): void {
    if (this.#previous.length < length) {
      const larger = new Uint32Array(length * 2);
      larger.set(this.#previous);
      this.#previous = larger;
    }
    const previous = this.#previous;
    const idOf = this.#idOf;
    const most = Math.min(length, this.#previousLength);
    let shared = 0;
    while (shared < most && previous[shared] === values[from + shared]) shared++;
    this.#number(shared);
    this.#number(length - shared);
    for (let i = shared; i < length; i++) {
      const value = values[from + i]!;
      previous[i] = value;
      this.#number(idOf === undefined ? value : idOf[value]!);
    }
    this.#previousLength = length;
    for (let column = 0; column < this.#run.columns; column++) this.#weight(weights[column]!);
  }

  #weight(weight: number): void {
    if (this.#run.whole) this.#number(weight);
    else {
      this.#room();
      this.#float.setFloat64(this.#used, weight);
      this.#used += 8;
    }
  }

  #number(value: number): void {
    this.#room();
    let rest = value;
    // bitwise operators would truncate a number of more than 31 bits
    while (rest >= 0x80000000) {
      this.#buffer[this.#used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest >= 0x80) {
      this.#buffer[this.#used++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#used++] = rest;
  }

  #room(): void {
    if (this.#used + NUMBER_BYTES > WRITE_BUFFER) this.#flush();
  }

  #flush(): void {
    this.#run.file.write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  end(): void {
    this.#flush();
  }
}

/** Reads a run, one sequence after another. */
export class RunReader {
  readonly run: Run;
  /** The current sequence. */
  values: Uint32Array = new Uint32Array(64);
  length = 0;
  readonly weights: number[];
  /** The rank to return for each number that is read; `undefined` if the numbers are ranks. */
  readonly #rankOf: Uint32Array | undefined;
  readonly #buffer = new Uint8Array(READ_BUFFER);
  readonly #float = new DataView(new ArrayBuffer(8));
  #at = 0;
  #end = 0;
  #position = 0;

  /**
   * @param columns number of weight columns; if there are two, a run that has only one column adds its weights to both
   */
  constructor(run: Run, rankOf: Uint32Array | undefined, columns: number) {
    this.run = run;
    this.#rankOf = rankOf;
    this.weights = Array.from({ length: columns }, () => 0);
  }

  /** Moves to the next sequence. Returns `false` at the end. */
  next(): boolean {
    if (this.#at === this.#end && !this.#fill()) return false;
    const shared = this.#number();
    const length = shared + this.#number();
    this.length = length;
    if (this.values.length < length) {
      const larger = new Uint32Array(length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    const { values } = this;
    const rankOf = this.#rankOf;
    for (let i = shared; i < length; i++) {
      const number = this.#number();
      values[i] = rankOf === undefined ? number : rankOf[number]!;
    }
    const { columns } = this.run;
    for (let column = 0; column < this.weights.length; column++)
      this.weights[column] = column < columns ? this.#weight() : this.weights[0]!;
    return true;
  }

  #weight(): number {
    if (this.run.whole) return this.#number();
    for (let i = 0; i < 8; i++) this.#float.setUint8(i, this.#byte());
    return this.#float.getFloat64(0);
  }

  #number(): number {
    let byte = this.#byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = this.#byte();
      value += (byte & 0x7f) * factor;
    }
    return value;
  }

  #byte(): number {
    if (this.#at === this.#end) this.#fill();
    return this.#buffer[this.#at++]!;
  }

  #fill(): boolean {
    this.#at = 0;
    this.#end = this.run.file.read(this.#buffer, this.#position);
    this.#position += this.#end;
    return this.#end > 0;
  }
}
