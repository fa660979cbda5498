/** Below this many stacks comparing pairs is cheaper than splitting. */
const SMALL = 12;

/**
 * Sorts stacks frame by frame, a stack before its extensions. Multikey quicksort: stacks that share
 * their first frames are compared by the next frame only.
 *
 * @param order numbers of the stacks; sorted in place
 * @param frames of all stacks, root first, as ranks in name order
 * @param starts stack i is frames[starts[i]] … frames[starts[i + 1] − 1]
 */
export function sortStacks(order: Uint32Array, frames: Uint32Array, starts: Uint32Array): void {
  // 0 where the stack has ended: it comes before its extensions
  const key = (stack: number, depth: number): number => {
    const at = starts[stack]! + depth;
    return at < starts[stack + 1]! ? frames[at]! + 1 : 0;
  };
  const less = (a: number, b: number, depth: number): boolean => {
    for (let d = depth; ; d++) {
      const keyA = key(a, d);
      const keyB = key(b, d);
      if (keyA !== keyB) return keyA < keyB;
      if (keyA === 0) return false;
    }
  };
  const insertionSort = (from: number, to: number, depth: number): void => {
    for (let i = from + 1; i < to; i++) {
      const stack = order[i]!;
      let j = i;
      while (j > from && less(stack, order[j - 1]!, depth)) order[j] = order[--j]!;
      order[j] = stack;
    }
  };
  const swap = (i: number, j: number): void => {
    const stack = order[i]!;
    order[i] = order[j]!;
    order[j] = stack;
  };
  // An explicit list of ranges: recursion would go as deep as the deepest stack.
  const ranges = [0, order.length, 0];
  while (ranges.length > 0) {
    const depth = ranges.pop()!;
    const to = ranges.pop()!;
    const from = ranges.pop()!;
    if (to - from < SMALL) {
      insertionSort(from, to, depth);
      continue;
    }
    const pivot = key(order[(from + to) >>> 1]!, depth);
    let low = from;
    let high = to;
    for (let i = from; i < high;) {
      const k = key(order[i]!, depth);
      if (k < pivot) swap(low++, i++);
      else if (k > pivot) swap(i, --high);
      else i++;
    }
    ranges.push(from, low, depth, high, to, depth);
    if (pivot !== 0) ranges.push(low, high, depth + 1);
  }
}
