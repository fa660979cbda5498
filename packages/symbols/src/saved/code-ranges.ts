/** Nobody owns the addresses. */
const NOBODY = -1;

/**
 * Which of many ranges of addresses an address is in. Where ranges overlap, the later one has the addresses: code that
 * was made at run time takes the place of code that was there before.
 *
 *     ranges   0 [──────────────)
 *              1      [────)
 *     edges      a    b    c    d
 *     owners     0    1    0    nobody
 */
export class CodeRanges {
  readonly #edges: Float64Array;
  readonly #owners: Int32Array;

  /** Range i is `starts[i]` … `ends[i] − 1`. */
  constructor(starts: Float64Array, ends: Float64Array) {
    const edges = new Float64Array(starts.length + ends.length);
    edges.set(starts);
    edges.set(ends, starts.length);
    this.#edges = edges.sort();
    this.#owners = new Int32Array(edges.length).fill(NOBODY);
    this.#giveOut(starts, ends);
  }

  /** The number of the range that the address is in. */
  find(address: number): number | undefined {
    const owner = this.#owners[this.#edgeBefore(address)] ?? NOBODY;
    return owner === NOBODY ? undefined : owner;
  }

  /** From the last range to the first, each takes what has no owner yet; what has one is passed over in one step. */
  #giveOut(starts: Float64Array, ends: Float64Array): void {
    const [edges, owners] = [this.#edges, this.#owners];
    const free = Uint32Array.from({ length: edges.length + 1 }, (_, i) => i);
    for (let range = starts.length - 1; range >= 0; range--) {
      let at = nextFree(free, this.#edgeBefore(starts[range]!));
      for (; at < edges.length && edges[at]! < ends[range]!; at = nextFree(free, at)) {
        owners[at] = range;
        free[at] = at + 1;
      }
    }
  }

  /** The last edge that is not behind the address, of equal ones the last; −1 where all are behind it. */
  #edgeBefore(address: number): number {
    const edges = this.#edges;
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edges[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The first free place from `at` on. Each walk halves the way for those that follow. */
function nextFree(free: Uint32Array, at: number): number {
  let place = at;
  while (free[place] !== place) {
    free[place] = free[free[place]!]!;
    place = free[place]!;
  }
  return place;
}
