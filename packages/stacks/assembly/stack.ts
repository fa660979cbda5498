/**
 * Reads the names of a stack. The previous stack is still in the input, and only names that differ are looked up:
 *
 *     main;parse;read      the previous stack; the ends of its names were kept
 *     main;parse_all;x     equal up to the mark: `main` is known
 *               ^
 *
 *     frame  { where its name ends in the stack, number }   root first
 */
import { findByte, sameBytes } from './bytes';
import { INPUT, STACK, base, reserve } from './memory';
import { FAILED, intern } from './names';

const FRAME: u32 = 8;
const SEMICOLON: u8 = 0x3b;

/** Number of frames in the last stack. */
export let depth: u32 = 0;
/** Where the last stack begins in the input, and its length. */
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

// @ts-expect-error: a decorator of AssemblyScript
@inline
function frameAt(index: u32): usize {
  return base(STACK) + <usize>index * FRAME;
}

/** The number of the frame at this place from the root. */
// @ts-expect-error: a decorator of AssemblyScript
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

/** Number of frames within the equal bytes. A frame that ends exactly with them counts if it ends in both stacks. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function framesWithin(stack: u32, length: u32, same: u32): u32 {
  const bothEnd = same == length || load<u8>(base(INPUT) + stack + same) == SEMICOLON;
  const limit = bothEnd ? same + 1 : same;
  let shared = depth;
  while (shared > 0 && load<u32>(frameAt(shared - 1)) >= limit) shared--;
  return shared;
}
