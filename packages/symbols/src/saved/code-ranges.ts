/** The owner of addresses that are in no range. */
const NOBODY = -1;

/**
 * Finds the range that contains an address. Where ranges overlap, the later range owns the addresses, because code that
 * is generated at run time replaces earlier code.
 *
 *     ranges   0 [──────────────)
 *              1      [────)
 *     edges      a    b    c    d
 *     owners     0    1    0    nobody
 */
export class CodeRanges {
  readonly #edges: Float64Array;
  readonly #owners: Int32Array;

  /** Range i contains the addresses from `starts[i]` to `ends[i] − 1`. */
  constructor(starts: Float64Array, ends: Float64Array) {
    const edges = new Float64Array(starts.length + ends.length);
    edges.set(starts);
    edges.set(ends, starts.length);
    this.#edges = edges.sort();
    this.#owners = new Int32Array(edges.length).fill(NOBODY);
    this.#giveOut(starts, ends);
  }

  /** Returns the number of the range that contains the address. */
  find(address: number): number | undefined {
    const owner = this.#owners[this.#edgeBefore(address)] ?? NOBODY;
    return owner === NOBODY ? undefined : owner;
  }

  /**
   * Assigns edges to ranges. Starting with the last range, each range becomes the owner of the edges in it that have no
   * owner yet. A run of edges that have an owner is skipped in one step.
   */
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

  /** Returns the index of the last edge at or below the address; −1 if all edges are above the address. */
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

/** Returns the first free position at or after `at`. Each search shortens the path for later searches. */
function nextFree(free: Uint32Array, at: number): number {
  let place = at;
  while (free[place] !== place) {
    free[place] = free[free[place]!]!;
    place = free[place]!;
  }
  return place;
}
