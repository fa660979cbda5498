/** Marks addresses without an owner. */
const NOBODY = -1;

/**
 * Finds the range that contains an address. If ranges overlap, the later one owns the addresses: code made at run time
 * replaces the code that was there before.
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

  /** The number of the range that contains the address. */
  find(address: number): number | undefined {
    const owner = this.#owners[this.#edgeBefore(address)] ?? NOBODY;
    return owner === NOBODY ? undefined : owner;
  }

  /**
   * Each range, from the last to the first, takes the edges without an owner. Edges with an owner are skipped
   * in one step.
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

  /** The last edge at or below the address; −1 if all edges are above it. */
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

/** The first free place from `at` on. Each search shortens the path for later ones. */
function nextFree(free: Uint32Array, at: number): number {
  let place = at;
  while (free[place] !== place) {
    free[place] = free[free[place]!]!;
    place = free[place]!;
  }
  return place;
}
