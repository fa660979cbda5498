/**
 * Reads a stack's names. The previous stack is still in the input, and only names after the shared part are looked up:
 *
 *     main;parse;read      the previous stack, whose names' ends are known
 *     main;parse_all;x     this stack is equal up to the mark, so its first name is known
 *               ^
 *
 * Each frame, root first, consists of { end of its name in the stack, number of the name }.
 */
import { findByte, sameBytes } from './bytes';
import { INPUT, STACK, base, reserve } from './memory';
import { FAILED, intern } from './names';

const FRAME: u32 = 8;
const SEMICOLON: u8 = 0x3b;

/** Number of frames in the last stack. */
export let depth: u32 = 0;
/** The start of the last stack in the input, and its length. */
export let last: u32 = 0;
export let lastLength: u32 = 0;

export function forgetStack(): void {
  depth = 0;
  last = 0;
  lastLength = 0;
}

export function moveStack(to: u32): void {
  last = to;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function frameAt(index: u32): usize {
  return base(STACK) + <usize>index * FRAME;
}

/** The number of the frame at this distance from the root. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function numberAt(index: u32): u32 {
  return load<u32>(frameAt(index), 4);
}

/** Reads the stack `input[stack … stack + length)`. Returns `false` if there is not enough memory. */
export function readStack(stack: u32, length: u32): bool {
  const same = sameBytes(base(INPUT) + last, base(INPUT) + stack, min(length, lastLength));
  depth = framesWithin(stack, length, same);
  last = stack;
  lastLength = length;
  let at: u32 = depth == 0 ? 0 : load<u32>(frameAt(depth - 1)) + 1;
  while (at <= length) {
    if (!reserve(STACK, (depth + 1) * FRAME)) return false;
    const line = base(INPUT) + stack;
    const end = <u32>(findByte(SEMICOLON, line + at, line + length) - line);
    const id = intern(INPUT, stack + at, end - at);
    if (id == FAILED) return false;
    const frame = frameAt(depth++);
    store<u32>(frame, end);
    store<u32>(frame, id, 4);
    at = end + 1;
  }
  return true;
}

/** Returns the number of frames in the bytes that both stacks share, leaving out one that goes on in either stack. */
// @ts-expect-error: an AssemblyScript decorator
@inline
function framesWithin(stack: u32, length: u32, same: u32): u32 {
  const bothEnd = same == length || load<u8>(base(INPUT) + stack + same) == SEMICOLON;
  const limit = bothEnd ? same + 1 : same;
  let shared = depth;
  while (shared > 0 && load<u32>(frameAt(shared - 1)) >= limit) shared--;
  return shared;
}
