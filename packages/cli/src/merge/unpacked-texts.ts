import { byRoot, TemporaryTexts, type RootedText, type Text } from './texts.ts';

/** Limits on the decompressed text that has not been merged yet. */
export interface WaitingLimits {
  readonly bytes: number;
  readonly texts: number;
}

/**
 * Default limits. Merging more inputs at the same time would need more memory for buffers than merging in two rounds.
 */
const LIMITS: WaitingLimits = { bytes: 1 << 28, texts: 1024 };

/**
 * Decompresses inputs into a temporary file, one at a time, because a thousand simultaneous decompressors would need
 * more memory than everything else. When the file becomes large, inputs with the same root frame are merged, which
 * usually makes them much smaller, and a new file is started.
 */
export class UnpackedTexts {
  readonly #tmpdir: string | Uint8Array | undefined;
  readonly #limits: WaitingLimits;
  readonly #sums: TemporaryTexts;
  readonly #summed: RootedText[] = [];
  #unpacked: TemporaryTexts;
  #waiting: RootedText[] = [];

  constructor(tmpdir: string | Uint8Array | undefined, limits: WaitingLimits = LIMITS) {
    this.#tmpdir = tmpdir;
    this.#limits = limits;
    this.#sums = new TemporaryTexts(tmpdir);
    this.#unpacked = new TemporaryTexts(tmpdir);
  }

  /** All inputs added so far. Some of them may already have been merged. */
  get texts(): readonly RootedText[] {
    return [...this.#summed, ...this.#waiting];
  }

  /** Writes a decompressed input to the temporary file. */
  async unpack(pieces: AsyncIterable<Uint8Array>): Promise<Text> {
    for await (const piece of pieces) this.#unpacked.write(piece);
    return this.#unpacked.end();
  }

  /** Adds an input that `unpack` returned. The input must be sorted. */
  add(text: RootedText): void {
    this.#waiting.push(text);
    const { bytes, texts: most } = this.#limits;
    if (this.#unpacked.bytes < bytes && this.#waiting.length < most) return;
    for (const [root, texts] of byRoot(this.#waiting))
      this.#summed.push({ root, text: this.#sums.append(texts) });
    this.#unpacked.remove();
    this.#unpacked = new TemporaryTexts(this.#tmpdir);
    this.#waiting = [];
  }

  remove(): void {
    this.#sums.remove();
    this.#unpacked.remove();
  }
}
