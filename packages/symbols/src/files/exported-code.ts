import { CodeRanges } from '../saved/code-ranges.ts';
import type { ExportedSymbols, ReadAt } from './elf.ts';
import { exportedSymbols } from './exported-symbols.ts';

/** The code ranges of a file's exported functions, according to their addresses and sizes. */
export class ExportedCode {
  readonly #names: readonly string[];
  readonly #ranges: CodeRanges;

  constructor(exported: ExportedSymbols, readAt: ReadAt) {
    const functions = [...exportedSymbols(exported, readAt)].filter(({ size }) => size > 0);
    this.#names = functions.map(({ name }) => name);
    this.#ranges = new CodeRanges(
      Float64Array.from(functions, ({ address }) => address),
      Float64Array.from(functions, ({ address, size }) => address + size),
    );
  }

  /** Returns the name of the function that contains the address. If it has several names, the last one is returned. */
  nameAt(address: number): string | undefined {
    const index = this.#ranges.find(address);
    return index === undefined ? undefined : this.#names[index];
  }
}
