import type { SpillFile, SpillStore } from './spill.ts';

/** Characters that are kept in memory; also the bytes that are read back at once. */
const PIECE = 1 << 16;

/** Text that is put aside until its place in the output comes: a piece of it in memory, the rest in a file. */
export class TextSpool {
  readonly #store: SpillStore;
  readonly #encoder = new TextEncoder();
  #file: SpillFile | undefined;
  #text = '';

  constructor(store: SpillStore) {
    this.#store = store;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length < PIECE) return;
    this.#file ??= this.#store.create();
    this.#file.write(this.#encoder.encode(this.#text));
    this.#text = '';
  }

  /** All that was added, in pieces. It is read once: the file is given back. */
  *take(): Generator<Uint8Array> {
    for (let position = 0, read = -1; this.#file && read !== 0; position += read) {
      const piece = new Uint8Array(PIECE);
      read = this.#file.read(piece, position);
      if (read > 0) yield piece.subarray(0, read);
    }
    this.dispose();
    yield this.#encoder.encode(this.#text);
    this.#text = '';
  }

  /** Gives back the file. */
  dispose(): void {
    this.#file?.remove();
    this.#file = undefined;
  }
}
