import type { SpillFile, SpillStore } from './spill.ts';
import { TextBuffer } from './text-buffer.ts';

/** Maximum number of bytes to keep in memory, and to read back at a time. */
const PIECE = 1 << 16;

/** Stores text for later output. The last chunk is in memory; earlier chunks are in a file. */
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

  /** Adds a finite number as it is written in JSON. */
  number(value: number): void {
    this.#buffer.number(value);
    if (this.#buffer.length >= PIECE) this.#spill();
  }

  #spill(): void {
    this.#file ??= this.#store.create();
    this.#file.write(this.#buffer.take());
  }

  /**
   * Returns the complete text in chunks. Each chunk is valid until the next one is requested. The text can be read only
   * once, because the file is then removed.
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
