import { addressOf } from './address.ts';
import { CodeRanges } from './code-ranges.ts';

/** Matches the lines for functions: `ffffffff81000000 T name`, optionally followed by a TAB and `[module]`. */
const LINE = /^([0-9a-f]{8,16}) [tTwW] (\S+)(?:\s+\[(\S+)\])?$/;
/** Maximum size of a kernel function. A module's last function, which precedes a gap, is assumed to have this size. */
const LONGEST = 1 << 18;
const MOST_LINES = 1 << 20;

/** The functions of a running kernel and its modules, from `/proc/kallsyms` as read by root. */
export class Kallsyms {
  readonly #names: readonly string[];
  readonly #ranges: CodeRanges;

  constructor(text: string) {
    const functions = text
      .split('\n', MOST_LINES)
      .flatMap((line) => {
        const [, digits, name] = LINE.exec(line) ?? [];
        const address = digits === undefined ? undefined : addressOf(digits);
        // without permission, /proc/kallsyms shows zeros instead of addresses
        return address === undefined || address === 0 ? [] : [{ address, name: name! }];
      })
      .toSorted((a, b) => a.address - b.address);
    // if a function has several names, keep the first
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
