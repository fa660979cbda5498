const CHUNK = 1 << 16;
/** Between the names of a stack. */
export const SEMICOLON = 0x3b;
const SPACE = 0x20;
const LINE_FEED = 10;

/**
 * Writes folded lines of sorted stacks: what a line shares with the one before is copied from there,
 * and only the names that follow are written anew.
 */
export class FoldedWriter {
  readonly #names: readonly Uint8Array[];
  /** Between two names; none between the bytes of text. */
  readonly #separator: number | undefined;
  readonly #encoder = new TextEncoder();
  #buffer = new Uint8Array(CHUNK * 2);
  #used = 0;
  #taken = 0;
  #previous = new Uint32Array(64);
  /** Where, in the line, each of the previous stack's names ends. */
  #ends = new Uint32Array(64);
  #previousDepth = 0;
  #previousStart = 0;

  /** @param names UTF-8 by the numbers of which stacks consist */
  constructor(names: readonly Uint8Array[], separator: number | undefined) {
    this.#names = names;
    this.#separator = separator;
  }

  /** Writes a line. `true` once there is a chunk's worth to {@link take}. */
  add(frames: Uint32Array, from: number, depth: number, weights: ArrayLike<number>): boolean {
    this.#reserveDepth(depth);
    const most = Math.min(depth, this.#previousDepth);
    let shared = 0;
    while (shared < most && this.#previous[shared] === frames[from + shared]) shared++;
    const start = this.#used;
    if (shared > 0) {
      const length = this.#ends[shared - 1]!;
      this.#reserve(length);
      this.#buffer.copyWithin(start, this.#previousStart, this.#previousStart + length);
      this.#used += length;
    }
    for (let i = shared; i < depth; i++) {
      const frame = frames[from + i]!;
      this.#previous[i] = frame;
      this.#name(this.#names[frame]!, i > 0);
      this.#ends[i] = this.#used - start;
    }
    this.#previousDepth = depth;
    this.#previousStart = start;
    for (let column = 0; column < weights.length; column++) this.#weight(weights[column]!);
    this.#buffer[this.#used++] = LINE_FEED;
    return this.#used >= CHUNK;
  }

  #name(name: Uint8Array, separated: boolean): void {
    this.#reserve(name.length + 1);
    if (separated && this.#separator !== undefined) this.#buffer[this.#used++] = this.#separator;
    const buffer = this.#buffer;
    let at = this.#used;
    for (let i = 0; i < name.length; i++) buffer[at++] = name[i]!;
    this.#used = at;
  }

  #weight(weight: number): void {
    const text = decimal(weight);
    this.#reserve(text.length + 2);
    this.#buffer[this.#used++] = SPACE;
    for (let i = 0; i < text.length; i++) this.#buffer[this.#used++] = text.charCodeAt(i);
  }

  /** A line of its own, after the stacks. */
  comment(text: string): void {
    const bytes = this.#encoder.encode(`${text}\n`);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** What was written since the last call. The last line stays at the start of the buffer, to copy from. */
  take(): Uint8Array {
    const chunk = this.#buffer.slice(this.#taken, this.#used);
    this.#buffer.copyWithin(0, this.#previousStart, this.#used);
    this.#used -= this.#previousStart;
    this.#taken = this.#used;
    this.#previousStart = 0;
    return chunk;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes < this.#buffer.length) return;
    const larger = new Uint8Array((this.#used + bytes) * 2);
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
  }

  #reserveDepth(depth: number): void {
    if (depth <= this.#previous.length) return;
    const previous = new Uint32Array(depth * 2);
    const ends = new Uint32Array(depth * 2);
    previous.set(this.#previous);
    ends.set(this.#ends);
    this.#previous = previous;
    this.#ends = ends;
  }
}

/** Shortest decimal form, never with an exponent. */
function decimal(weight: number): string {
  const text = String(weight);
  return text.includes('e') ? weight.toFixed(20).replace(/\.?0+$/, '') : text;
}
