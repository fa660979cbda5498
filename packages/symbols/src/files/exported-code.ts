import { CodeRanges } from '../saved/code-ranges.ts';
import type { ExportedSymbols, ReadAt } from './elf.ts';
import { exportedSymbols } from './exported-symbols.ts';

/** The code of a file's exported functions: each ranges from its address to its end according to its size. */
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

  /** The function that contains the address. If it has several names, the last one in the table. */
  nameAt(address: number): string | undefined {
    const index = this.#ranges.find(address);
    return index === undefined ? undefined : this.#names[index];
  }
}
