/**
 * Stacks in any order as a tree, which is walked frame by frame in order at the end; as `src/tree/unsorted.ts`
 * does.
 *
 *     frame  { caller, name, a callee, sibling, self, change, weight: f64 }   frame 0 stands below every root
 *     slots  a frame by its caller and name, or 0; at most half full
 */
import { addBox, addSelf, addTotal, beginSweep, boxCount, drop, endSweep, isDrawable, leastWeight, maxDepth, setDropped, total } from './boxes';
import { FRAMES, FRAME_SLOTS, INPUT, base, capacity, reserve } from './memory';
import { intern, internFailed, nameCount, nameInOrder, noteOf, setNote, sortNames } from './names';
import {
  DONE,
  NO_MEMORY,
  addDeeper,
  beginOf,
  depth,
  endOf,
  frameAt,
  goesOn,
  inCommon,
  keepFrames,
  last,
  openFrame,
  readFrames,
  reserveFrames,
  sharedFrames,
} from './stack';

const FRAME: u32 = 40;
export const TOO_MANY_FRAMES: i32 = 3;
/** The stack is not in the selection. */
export const LEFT_OUT: i32 = 5;

let maxFrames: u32 = 0;
let frameCount: u32 = 1;
/** Frames of the deepest stack. */
let deepest: u32 = 0;
let reverse: bool = false;
/** Number of the base's name + 1. */
let baseName: u32 = 0;

export function configureTree(most: u32, fromLeaf: bool, baseLength: u32): bool {
  maxFrames = most;
  reverse = fromLeaf;
  if (baseLength > 0) {
    // the name of the base stands at the start of the input
    const id = intern(INPUT, 0, baseLength);
    if (internFailed(id)) return false;
    baseName = id + 1;
  }
  return true;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function nodeAt(frame: u32): usize {
  return base(FRAMES) + <usize>frame * FRAME;
}

export function addToTree(stack: u32, length: u32, weight: f64, change: f64): i32 {
  const same = inCommon(stack, length);
  const shared = sharedFrames(stack, length, same);
  keepFrames(shared);
  if (!readFrames(stack, length, maxFrames)) return NO_MEMORY;
  if (goesOn) return TOO_MANY_FRAMES;
  deepest = max(deepest, depth);
  for (let index = shared; index < depth; index++) {
    const begin = beginOf(index);
    const name = intern(INPUT, last + begin, endOf(index) - begin);
    if (internFailed(name)) return NO_MEMORY;
    store<u32>(frameAt(index), name, 8);
  }
  let frame: u32 = 0;
  if (!reverse && baseName == 0) {
    if (shared > 0) frame = load<u32>(frameAt(shared - 1), 12);
    for (let index = shared; index < depth; index++) {
      frame = callee(frame, load<u32>(frameAt(index), 8));
      if (frame == 0) return failure();
      store<u32>(frameAt(index), frame, 12);
    }
  } else {
    const first = firstSelected();
    if (first == depth) return LEFT_OUT;
    for (let i: u32 = 0; i < depth - first; i++) {
      frame = callee(frame, load<u32>(frameAt(reverse ? depth - 1 - i : first + i), 8));
      if (frame == 0) return failure();
    }
  }
  addSelf(nodeAt(frame) + 16, weight, change);
  return DONE;
}

function failure(): i32 {
  return frameCount > maxFrames ? TOO_MANY_FRAMES : NO_MEMORY;
}

/** The outermost frame of the base's name; `depth` where there is none. */
function firstSelected(): u32 {
  if (baseName == 0) return 0;
  let index: u32 = 0;
  while (index < depth && load<u32>(frameAt(index), 8) != baseName - 1) index++;
  return index;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function slotOf(caller: u32, name: u32): u32 {
  const hash = (caller * 0x9e3779b1) ^ (name * 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

/** The frame of a name under a caller; 0 where there is no room for a new one. */
function callee(caller: u32, name: u32): u32 {
  // most calls are the one that came last
  const recent = load<u32>(nodeAt(caller), 8);
  if (recent != 0 && load<u32>(nodeAt(recent), 4) == name) return recent;
  if (frameCount * 8 >= capacity(FRAME_SLOTS) && !rehash()) return 0;
  const slots = base(FRAME_SLOTS);
  const mask = (capacity(FRAME_SLOTS) >>> 2) - 1;
  let slot = slotOf(caller, name) & mask;
  for (;;) {
    const frame = load<u32>(slots + (<usize>slot << 2));
    if (frame == 0) break;
    const node = nodeAt(frame);
    if (load<u32>(node) == caller && load<u32>(node, 4) == name) {
      store<u32>(nodeAt(caller), frame, 8);
      return frame;
    }
    slot = (slot + 1) & mask;
  }
  if (frameCount > maxFrames || !reserve(FRAMES, (frameCount + 1) * FRAME)) return 0;
  const frame = frameCount++;
  const node = nodeAt(frame);
  store<u32>(node, caller);
  store<u32>(node, name, 4);
  store<u64>(node, 0, 8);
  store<f64>(node, 0, 16);
  store<f64>(node, 0, 24);
  store<f64>(node, 0, 32);
  store<u32>(base(FRAME_SLOTS) + (<usize>slot << 2), frame);
  store<u32>(nodeAt(caller), frame, 8);
  return frame;
}

function rehash(): bool {
  if (!reserve(FRAME_SLOTS, capacity(FRAME_SLOTS) * 2)) return false;
  const slots = base(FRAME_SLOTS);
  const mask = (capacity(FRAME_SLOTS) >>> 2) - 1;
  memory.fill(slots, 0, capacity(FRAME_SLOTS));
  for (let frame: u32 = 1; frame < frameCount; frame++) {
    const node = nodeAt(frame);
    let slot = slotOf(load<u32>(node), load<u32>(node, 4)) & mask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 2), frame);
  }
  return true;
}

/** Weight of each frame with all that it calls; callers stand before their callees. */
function sumUp(): void {
  for (let frame = frameCount - 1; frame > 0; frame--) {
    const node = nodeAt(frame);
    const weight = load<f64>(node, 32) + load<f64>(node, 16);
    store<f64>(node, weight, 32);
    const caller = nodeAt(load<u32>(node));
    store<f64>(caller, load<f64>(caller, 32) + weight, 32);
  }
}

/**
 * Counts the frames that are too deep to be drawn. Where sums are the same in any order, their changes become those of
 * the frames of the last level, as what is narrow is not walked.
 */
function countTooDeep(whole: bool): u32 {
  if (deepest <= maxDepth) return 0;
  store<u32>(nodeAt(0), 0, 8);
  let count: u32 = 0;
  for (let frame: u32 = 1; frame < frameCount; frame++) {
    const level = load<u32>(nodeAt(load<u32>(nodeAt(frame))), 8) + 1;
    store<u32>(nodeAt(frame), level, 8);
    if (level > maxDepth) count++;
  }
  if (!whole) return count;
  for (let frame = frameCount - 1; frame > 0; frame--) {
    const node = nodeAt(frame);
    if (load<u32>(node, 8) <= maxDepth) continue;
    const caller = nodeAt(load<u32>(node));
    store<f64>(caller, load<f64>(caller, 24) + load<f64>(node, 24), 24);
    store<f64>(node, 0, 24);
  }
  return count;
}

/**
 * Links the callers that are wider than `narrowest` with their callees by name: these are put into a list for
 * each name, and the lists are taken in falling order of their names, so that each frame is put before its
 * siblings.
 */
function linkInOrder(narrowest: f64): bool {
  if (!sortNames()) return false;
  store<u32>(nodeAt(0), 0, 8);
  for (let frame: u32 = 1; frame < frameCount; frame++) {
    const node = nodeAt(frame);
    store<u32>(node, 0, 8);
    if (load<f64>(nodeAt(load<u32>(node)), 32) < narrowest) continue;
    const name = load<u32>(node, 4);
    store<u32>(node, noteOf(name), 12);
    setNote(name, frame);
  }
  for (let place = nameCount; place > 0; place--) {
    let frame = noteOf(nameInOrder(place - 1));
    while (frame != 0) {
      const node = nodeAt(frame);
      const next = load<u32>(node, 12);
      const caller = nodeAt(load<u32>(node));
      store<u32>(node, load<u32>(caller, 8), 12);
      store<u32>(caller, frame, 8);
      frame = next;
    }
  }
  return true;
}

/**
 * Walks the tree in order and collects its boxes; without recursion, for stacks of any depth. Where all weights
 * are whole, sums are the same in any order, and what is too narrow is not walked at all (nine of ten frames of
 * a large input); otherwise everything is added up in order, as sorted stacks are.
 */
export function walkTree(sum: f64, whole: bool): bool {
  let narrowest: f64 = 0;
  if (whole) {
    sumUp();
    store<f64>(nodeAt(0), sum, 32);
    narrowest = leastWeight(sum);
  }
  const tooDeep = countTooDeep(whole);
  if (!linkInOrder(narrowest)) return false;
  let level: u32 = 0;
  /** The frame that was walked to, where it is too deep to be drawn. */
  let deep: u32 = 0;
  let frame = load<u32>(nodeAt(0), 8);
  for (;;) {
    if (frame != 0) {
      const node = nodeAt(frame);
      const weight = load<f64>(node, 32);
      if (weight < narrowest) {
        if (level >= maxDepth) addDeeper(frameAt(maxDepth - 1), weight, 0);
        addTotal(weight);
        frame = load<u32>(node, 12);
        continue;
      }
      if (level >= maxDepth) {
        addDeeper(frameAt(maxDepth - 1), load<f64>(node, 16), load<f64>(node, 24));
        addTotal(load<f64>(node, 16));
        deep = frame;
        frame = load<u32>(node, 8);
        level++;
        continue;
      }
      if (!reserveFrames(level + 1)) return false;
      openFrame(level);
      store<u32>(frameAt(level), frame, 12);
      store<f64>(frameAt(level), load<f64>(node, 24), 32);
      addTotal(load<f64>(nodeAt(frame), 16));
      frame = load<u32>(nodeAt(frame), 8);
      level++;
      continue;
    }
    if (level == 0) break;
    if (--level >= maxDepth) {
      frame = load<u32>(nodeAt(deep), 12);
      deep = load<u32>(nodeAt(deep));
      continue;
    }
    if (!closeNode(level)) return false;
    frame = load<u32>(nodeAt(load<u32>(frameAt(level), 12)), 12);
  }
  beginSweep();
  endSweep(false);
  setDropped(<f64>(frameCount - 1 - tooDeep - boxCount));
  return true;
}

function closeNode(level: u32): bool {
  const open = frameAt(level);
  const node = nodeAt(load<u32>(open, 12));
  const name = load<u32>(node, 4);
  const start = load<f64>(open, 16);
  const weight = total - start;
  if (!isDrawable(weight)) {
    drop(load<u32>(open, 4));
    return true;
  }
  const box = addBox(start, weight, load<f64>(node, 16), load<f64>(open, 40), load<f64>(open, 32), level);
  if (box == 0) return false;
  store<u32>(box, name, 36);
  return true;
}
