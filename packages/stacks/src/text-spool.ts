import type { SpillFile, SpillStore } from './spill.ts';
import { TextBuffer } from './text-buffer.ts';

/** Number of bytes that are kept in memory, and that are read back at a time. */
const PIECE = 1 << 16;

/** Text that waits for its place in the output: the last piece in memory, the rest in a file. */
export class TextSpool {
  readonly #store: SpillStore;
  readonly #buffer = new TextBuffer();
  #file: SpillFile | undefined;

  constructor(store: SpillStore) {
    this.#store = store;
  }

  text(text: string): void {
    this.#buffer.text(text);
    if (this.#buffer.length >= PIECE) this.#spill();
  }

  /** Adds a finite number as JSON writes it. */
  number(value: number): void {
    this.#buffer.number(value);
    if (this.#buffer.length >= PIECE) this.#spill();
  }

  #spill(): void {
    this.#file ??= this.#store.create();
    this.#file.write(this.#buffer.take());
  }

  /**
   * Returns the whole text, in pieces that are valid until the next one. It can be read only once: the file is removed.
   */
  *take(): Generator<Uint8Array> {
    const piece = new Uint8Array(this.#file ? PIECE : 0);
    for (let position = 0, read = -1; this.#file && read !== 0; position += read) {
      read = this.#file.read(piece, position);
      if (read > 0) yield piece.subarray(0, read);
    }
    this.dispose();
    yield this.#buffer.take();
  }

  /** Removes the file. */
  dispose(): void {
    this.#file?.remove();
    this.#file = undefined;
  }
}
