import type { SpillFile, SpillStore } from './spill.ts';
import { TextBuffer } from './text-buffer.ts';

/** Bytes that are kept in memory, and that are read back at once. */
const PIECE = 1 << 16;

/** Text that is put aside until its place in the output comes: a piece of it in memory, the rest in a file. */
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

  /** The number as JSON has it; it has to be finite. */
  number(value: number): void {
    this.#buffer.number(value);
    if (this.#buffer.length >= PIECE) this.#spill();
  }

  #spill(): void {
    this.#file ??= this.#store.create();
    this.#file.write(this.#buffer.take());
  }

  /**
   * All that was added, in pieces; each is void once the next is asked for. It is read once: the file is given back.
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

  /** Gives back the file. */
  dispose(): void {
    this.#file?.remove();
    this.#file = undefined;
  }
}
