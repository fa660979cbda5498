/**
 * Walks stacks as they come. Only what differs from the stack before is looked at, which still stands in the
 * input:
 *
 *     main;parse;read      the stack before, its frames' ends kept
 *     main;parse_all;x     the same up to here: `main` stays open, `parse` and `read` close
 *               ^
 *
 *     open frame  { end in the stack, boxes before it, name, node of the tree, start f64, self f64, change f64, deeper f64 }
 */
import {
  addBox,
  addSelf,
  addTotal,
  beginSweep,
  beginTooDeep,
  boxCount,
  countTooDeep,
  drop,
  endSweep,
  isDrawable,
  maxDepth,
  nameBox,
  needsSweep,
  sweepUntil,
  total,
} from './boxes';
import { findByte, sameBytes } from './bytes';
import { INPUT, OPEN, base, reserve } from './memory';

const FRAME: u32 = 48;
const SEMICOLON: u8 = 0x3b;

export const DONE: i32 = 0;
export const NO_MEMORY: i32 = 1;
export const UNSORTED: i32 = 2;

export let depth: u32 = 0;
/** The stack has more frames than were read of it. */
export let goesOn: bool = false;
/** The stack before: its place in the input, its length. */
export let last: u32 = 0;
export let lastLength: u32 = 0;

// @ts-expect-error: a decorator of AssemblyScript
@inline
export function frameAt(index: u32): usize {
  return base(OPEN) + <usize>index * FRAME;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
export function endOf(index: u32): u32 {
  return load<u32>(frameAt(index));
}

export function moveLast(to: u32): void {
  last = to;
}

/** Room for so many open frames; `false` without memory. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function reserveFrames(count: u32): bool {
  return reserve(OPEN, count * FRAME);
}

/** How many bytes the stack has in common with the one before. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function inCommon(stack: u32, length: u32): u32 {
  return sameBytes(base(INPUT) + last, base(INPUT) + stack, min(length, lastLength));
}

/** How many frames it has in common. An end at the difference itself counts where both end there. */
export function sharedFrames(stack: u32, length: u32, same: u32): u32 {
  const bothEnd = same == length || load<u8>(base(INPUT) + stack + same) == SEMICOLON;
  let shared = depth;
  if (bothEnd) while (shared > 0 && endOf(shared - 1) > same) shared--;
  else while (shared > 0 && endOf(shared - 1) >= same) shared--;
  return shared;
}

export function keepFrames(count: u32): void {
  depth = count;
}

/** Notes the frames of the stack from frame `depth` on, up to so many in all. */
export function readFrames(stack: u32, length: u32, most: u32): bool {
  last = stack;
  lastLength = length;
  goesOn = false;
  let at: u32 = depth == 0 ? 0 : endOf(depth - 1) + 1;
  while (at <= length) {
    if (depth == most) {
      goesOn = true;
      return true;
    }
    if (!reserveFrames(depth + 1)) return false;
    const line = base(INPUT) + last;
    const end = <u32>(findByte(SEMICOLON, line + at, line + length) - line);
    store<u32>(frameAt(depth++), end);
    at = end + 1;
  }
  return true;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
export function beginOf(index: u32): u32 {
  return index == 0 ? 0 : endOf(index - 1) + 1;
}

/** A stack in order: closes what it does not share, opens the rest. */
export function addInOrder(stack: u32, length: u32, weight: f64, change: f64, sorted: bool): i32 {
  const same = inCommon(stack, length);
  const shared = sharedFrames(stack, length, same);
  if (same != length || same != lastLength) beginTooDeep();
  // what is too deep to be drawn may come in any order
  if (sorted && shared < depth && !isSorted(stack, length, same, shared)) return UNSORTED;
  while (depth > shared) if (!closeFrame()) return NO_MEMORY;
  if (!readFrames(stack, length, maxDepth)) return NO_MEMORY;
  for (let index = shared; index < depth; index++) openFrame(index);
  if (goesOn) {
    countTooDeep(weight);
    addDeeper(frameAt(depth - 1), weight, change);
  } else addSelf(frameAt(depth - 1) + 24, weight, change);
  addTotal(weight);
  return DONE;
}

/** Adds a stack that goes on beyond an open frame of the last level. */
export function addDeeper(frame: usize, weight: f64, change: f64): void {
  store<f64>(frame, load<f64>(frame, 40) + weight, 40);
  store<f64>(frame, load<f64>(frame, 32) + change, 32);
}

/** Whether the stack, which leaves the one before at frame `shared`, comes after it. */
function isSorted(stack: u32, length: u32, same: u32, shared: u32): bool {
  const begin = beginOf(shared);
  if (length < begin || same == length) return false;
  const next = load<u8>(base(INPUT) + stack + same);
  if (next == SEMICOLON) return false;
  return same == endOf(shared) || next > load<u8>(base(INPUT) + last + same);
}

/** Frame `index`, whose end is known, begins with the next weight. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function openFrame(index: u32): void {
  const frame = frameAt(index);
  store<u32>(frame, boxCount, 4);
  store<f64>(frame, total, 16);
  store<f64>(frame, 0, 24);
  store<f64>(frame, 0, 32);
  store<f64>(frame, 0, 40);
}

function closeFrame(): bool {
  const frame = frameAt(--depth);
  const start = load<f64>(frame, 16);
  const weight = total - start;
  if (!isDrawable(weight)) {
    drop(load<u32>(frame, 4));
    return true;
  }
  const box = addBox(start, weight, load<f64>(frame, 24), load<f64>(frame, 40), load<f64>(frame, 32), depth);
  if (box == 0) return false;
  const begin = beginOf(depth);
  if (!nameBox(INPUT, last + begin, endOf(depth) - begin)) return false;
  if (needsSweep()) sweep();
  return true;
}

/** The total has grown: what was wide enough may be too narrow now. Open frames keep their place. */
function sweep(): void {
  beginSweep();
  for (let index: u32 = 0; index < depth; index++) {
    const frame = frameAt(index);
    store<u32>(frame, sweepUntil(load<u32>(frame, 4), true), 4);
  }
  endSweep(true);
}

/** Closes every frame; there are no more stacks. */
export function closeAll(): bool {
  while (depth > 0) if (!closeFrame()) return false;
  sweep();
  return true;
}
