import { addressOf } from './address.ts';
import { CodeRanges } from './code-ranges.ts';

/** `ffffffff81000000 T name`, optionally followed by a TAB and `[module]`: functions only. */
const LINE = /^([0-9a-f]{8,16}) [tTwW] (\S+)(?:\s+\[(\S+)\])?$/;
/** No kernel function is longer. This ends the last function of a module, which is followed by a gap. */
const LONGEST = 1 << 18;
const MOST_LINES = 1 << 20;

/** The functions of a running kernel and its modules, as `/proc/kallsyms` shows them to root. */
export class Kallsyms {
  readonly #names: readonly string[];
  readonly #ranges: CodeRanges;

  constructor(text: string) {
    const functions = text
      .split('\n', MOST_LINES)
      .flatMap((line) => {
        const [, digits, name] = LINE.exec(line) ?? [];
        const address = digits === undefined ? undefined : addressOf(digits);
        // users without permission see zeros instead of addresses
        return address === undefined || address === 0 ? [] : [{ address, name: name! }];
      })
      .toSorted((a, b) => a.address - b.address);
    // if a function has several names, the first is kept: the later ones span no addresses
    const first = functions.filter(({ address }, i) => address !== functions[i - 1]?.address);
    this.#names = first.map(({ name }) => name);
    const starts = Float64Array.from(first, ({ address }) => address);
    const ends = starts.map((start, i) => Math.min(starts[i + 1] ?? Infinity, start + LONGEST));
    this.#ranges = new CodeRanges(starts, ends);
  }

  nameAt(address: number): string | undefined {
    const index = this.#ranges.find(address);
    return index === undefined ? undefined : this.#names[index];
  }
}
