import type { SpillFile } from '@stapflame/stacks';

const BUFFER = 1 << 12;

/** Appends the ranks of a list's names to a file, as 32-bit numbers. */
export class RankWriter {
  readonly #file: SpillFile;
  readonly #ranks = new Uint32Array(BUFFER);
  #used = 0;

  constructor(file: SpillFile) {
    this.#file = file;
  }

  add(rank: number): void {
    if (this.#used === BUFFER) this.#flush();
    this.#ranks[this.#used++] = rank;
  }

  #flush(): void {
    this.#file.write(new Uint8Array(this.#ranks.buffer, 0, this.#used * 4));
    this.#used = 0;
  }

  end(): void {
    this.#flush();
  }
}

/** Reads `count` ranks, starting at `position` in the file, into `ranks`. The first one goes to index 1. */
export function readRanks(file: SpillFile, position: number, count: number, ranks: Uint32Array): void {
  const bytes = new Uint8Array(ranks.buffer, 4, count * 4);
  for (let at = 0; at < bytes.length;) {
    const read = file.read(bytes.subarray(at), position + at);
    if (read === 0) throw new Error(`a temporary file ends after ${at} of ${bytes.length} bytes`);
    at += read;
  }
}
