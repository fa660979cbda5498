/**
 * Collects the boxes of a tree that is walked once, as `src/tree/collector.ts` does; see there why this is
 * exact. A box comes after its descendants, so that those of a narrow one are cut off at the end.
 *
 *     box  { start f64, weight f64, self f64, change f64, depth, name, length of the name, –, deeper f64 }
 *
 * The name is an offset into TEXT while stacks come in order, where each box has a copy of its own that is
 * cut off with it; the number of a name otherwise, and in both cases at the end.
 */
import { BOXES, COLUMNS, OPEN, TEXT, base, reserve } from './memory';
import { intern, internFailed, namesAfter } from './names';

const BOX: u32 = 56;
const FIRST_SWEEP: u32 = 1 << 14;

export let least: f64 = 0;
export let whole: f64 = 0;
/** Levels of frames that are drawn. */
export let maxDepth: u32 = 0;
export let total: f64 = 0;
export let boxCount: u32 = 0;
/** Stacks of different frames, counted by the first that ends in each. */
export let distinct: f64 = 0;
export let dropped: f64 = 0;
export let textTop: u32 = 0;
let sweepAt: u32 = FIRST_SWEEP;

export function configureBoxes(leastShare: f64, wholeWeight: f64, levels: u32): void {
  least = leastShare;
  maxDepth = levels;
  whole = wholeWeight;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
export function boxAt(index: u32): usize {
  return base(BOXES) + <usize>index * BOX;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
export function addTotal(weight: f64): void {
  total += weight;
}

/** Adds a stack to the self weight and the change at an address. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function addSelf(at: usize, weight: f64, change: f64): void {
  const self = load<f64>(at);
  if (self == 0 && weight > 0) distinct++;
  store<f64>(at, self + weight);
  store<f64>(at, load<f64>(at, 8) + change, 8);
}

let tooDeep: f64 = 0;

/** Another stack than the one before goes on beyond the levels that are drawn. */
export function beginTooDeep(): void {
  tooDeep = 0;
}

/** Counts a stack that does, where its weight is the first above 0. */
export function countTooDeep(weight: f64): void {
  if (tooDeep == 0 && weight > 0) distinct++;
  tooDeep += weight;
}

/** So much weight will come: what is too narrow in it need not be collected. */
export function expectTotal(weight: f64): void {
  whole = max(whole, weight);
}

/** Narrower frames are not drawn where all weights are so much. */
export function leastWeight(sum: f64): f64 {
  return least * max(sum, whole);
}

export function setDropped(count: f64): void {
  dropped = count;
}

/** Whether a frame of this weight can still be drawn. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function isDrawable(weight: f64): bool {
  return weight > 0 && weight >= least * max(total, whole);
}

/** A frame is not drawn, nor are its descendants: the boxes from `first` on. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function drop(first: u32): void {
  dropped += 1 + <f64>(boxCount - first);
  if (boxCount > first) {
    textTop = load<u32>(boxAt(first), 36);
    boxCount = first;
  }
}

/** A new box after the others; 0 without memory. */
export function addBox(start: f64, weight: f64, self: f64, deeper: f64, change: f64, depth: u32): usize {
  if (!reserve(BOXES, (boxCount + 1) * BOX)) return 0;
  const box = boxAt(boxCount++);
  store<f64>(box, start);
  store<f64>(box, weight, 8);
  store<f64>(box, self, 16);
  store<f64>(box, change, 24);
  store<u32>(box, depth, 32);
  store<f64>(box, deeper, 48);
  return box;
}

/** Copies the name of a box that was just added; `false` without memory. */
export function nameBox(region: u32, offset: u32, length: u32): bool {
  if (!reserve(TEXT, textTop + length)) return false;
  const box = boxAt(boxCount - 1);
  store<u32>(box, textTop, 36);
  store<u32>(box, length, 40);
  memory.copy(base(TEXT) + textTop, base(region) + offset, length);
  textTop += length;
  return true;
}

export function needsSweep(): bool {
  return boxCount >= sweepAt;
}

/** First of the boxes that were moved by a sweep, and how far each was moved, are found by this. */
export function beginSweep(): void {
  sweepFrom = sweepTo = sweepText = 0;
}
let sweepFrom: u32 = 0;
let sweepTo: u32 = 0;
let sweepText: u32 = 0;

/**
 * Drops the boxes before `until` that have become too narrow since they were added, and moves the others
 * down; gives the new index of box `until`. Names are moved where they are copies.
 */
export function sweepUntil(until: u32, movesText: bool): u32 {
  const narrowest = least * max(total, whole);
  for (; sweepFrom < until; sweepFrom++) {
    const box = boxAt(sweepFrom);
    if (load<f64>(box, 8) < narrowest) {
      dropped++;
      continue;
    }
    if (movesText) {
      const length = load<u32>(box, 40);
      memory.copy(base(TEXT) + sweepText, base(TEXT) + load<u32>(box, 36), length);
      store<u32>(box, sweepText, 36);
      sweepText += length;
    }
    if (sweepTo != sweepFrom) memory.copy(boxAt(sweepTo), box, BOX);
    sweepTo++;
  }
  return sweepTo;
}

export function endSweep(movesText: bool): void {
  boxCount = sweepUntil(boxCount, movesText);
  if (movesText) textTop = sweepText;
  sweepAt = max(FIRST_SWEEP, boxCount * 2);
}

/** Gives each box the number of its name for its copy; `false` without memory. */
export function internNames(): bool {
  namesAfter(textTop);
  for (let index: u32 = 0; index < boxCount; index++) {
    const id = intern(TEXT, load<u32>(boxAt(index), 36), load<u32>(boxAt(index), 40));
    if (internFailed(id)) return false;
    store<u32>(boxAt(index), id, 36);
  }
  return true;
}

/**
 * Writes the boxes in columns, in the order of `src/tree/boxes.ts`: starts, weights,
 * selfs, deepers, changes, depths, numbers of names. `false` without memory.
 */
export function writeColumns(): bool {
  let deepest: u32 = 0;
  for (let index: u32 = 0; index < boxCount; index++) deepest = max(deepest, load<u32>(boxAt(index), 32));
  if (!reserve(OPEN, (deepest + 2) * 4) || !reserve(COLUMNS, boxCount * 48)) return false;
  // boxes that end at each depth, with their descendants, since the last one a level above
  const sizes = base(OPEN);
  memory.fill(sizes, 0, (deepest + 2) * 4);
  const starts = base(COLUMNS);
  const column = <usize>boxCount * 8;
  const depths = starts + column * 5;
  const names = depths + column / 2;
  for (let index: u32 = 0; index < boxCount; index++) {
    const box = boxAt(index);
    const depth = load<u32>(box, 32);
    const own = sizes + (<usize>depth << 2);
    const size = 1 + load<u32>(own, 4);
    store<u32>(own, 0, 4);
    store<u32>(own, load<u32>(own) + size);
    const place = <usize>(index - size + 1 + depth);
    const at = starts + place * 8;
    store<f64>(at, load<f64>(box));
    store<f64>(at + column, load<f64>(box, 8));
    store<f64>(at + column * 2, load<f64>(box, 16));
    store<f64>(at + column * 3, load<f64>(box, 48));
    store<f64>(at + column * 4, load<f64>(box, 24));
    store<u32>(depths + place * 4, depth);
    store<u32>(names + place * 4, load<u32>(box, 36));
  }
  return true;
}
