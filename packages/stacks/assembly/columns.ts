/**
 * The stacks read so far, in the layout of a `StackBatch`:
 *
 *     FRAMES         all stacks' frame numbers, leaf first
 *     BOUNDS         the end of each stack in FRAMES
 *     FIRST, SECOND  each stack's two weights, which are equal if the line has only one count
 */
import { BOUNDS, FIRST, FRAMES, SECOND, base, capacity, reserve } from './memory';
import { depth, numberAt } from './stack';

export let frameCount: u32 = 0;
export let stackCount: u32 = 0;

export function clearColumns(): void {
  frameCount = 0;
  stackCount = 0;
}

/** Makes room for one more stack with `depth` frames. Returns `false` if there is not enough memory. */
function reserveStack(): bool {
  const stacks = stackCount + 1;
  return (
    reserve(FRAMES, (frameCount + depth) * 4) &&
    reserve(BOUNDS, stacks * 4) &&
    reserve(FIRST, stacks * 8) &&
    reserve(SECOND, stacks * 8)
  );
}

/** Adds the last stack read. Returns `false` if there is not enough memory. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function addStack(first: f64, second: f64): bool {
  const hasRoom = (frameCount + depth) * 4 <= capacity(FRAMES) && (stackCount + 1) * 8 <= capacity(SECOND);
  if (!hasRoom && !reserveStack()) return false;
  let to = base(FRAMES) + (<usize>frameCount << 2);
  for (let index = depth; index > 0; index--, to += 4) store<u32>(to, numberAt(index - 1));
  frameCount += depth;
  store<u32>(base(BOUNDS) + (<usize>stackCount << 2), frameCount);
  store<f64>(base(FIRST) + (<usize>stackCount << 3), first);
  store<f64>(base(SECOND) + (<usize>stackCount << 3), second);
  stackCount++;
  return true;
}
