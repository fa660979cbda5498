import { byRoot, TemporaryTexts, type RootedText, type Text } from './texts.ts';

/** How much unpacked text may wait to be merged. */
export interface WaitingLimits {
  readonly bytes: number;
  readonly texts: number;
}

/** The buffers for more texts would need more memory than merging them in two rounds. */
const LIMITS: WaitingLimits = { bytes: 1 << 28, texts: 1024 };

/**
 * Texts that were unpacked into a temporary file, one at a time: a thousand simultaneous unpackers would need more
 * memory than everything else. When the file is large, texts with the same root are merged, which usually makes them
 * much smaller, and a new file is started.
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

  /** All texts that were added. Some of them may have been merged. */
  get texts(): readonly RootedText[] {
    return [...this.#summed, ...this.#waiting];
  }

  /** Keeps the bytes of a text. */
  async unpack(pieces: AsyncIterable<Uint8Array>): Promise<Text> {
    for await (const piece of pieces) this.#unpacked.write(piece);
    return this.#unpacked.end();
  }

  /** Adds a sorted text that was unpacked here. */
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
