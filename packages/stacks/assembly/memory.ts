/**
 * The regions of the module's memory, in order. When a full region grows, the regions after it are moved up, so
 * addresses are valid only until the next `reserve`.
 */

/** The last stack's frames; see `stack.ts`. */
export const STACK: u32 = 0;
/** The folded text; see `index.ts`. */
export const INPUT: u32 = 1;
/** The name table: its slots, the names and the names' bytes; see `names.ts`. */
export const NAME_SLOTS: u32 = 2;
export const NAMES: u32 = 3;
export const TEXT: u32 = 4;
/** A cleaned name that the caller looks up. */
export const SCRATCH: u32 = 5;
/** The columns of stacks; see `columns.ts`. */
export const FRAMES: u32 = 6;
export const BOUNDS: u32 = 7;
export const FIRST: u32 = 8;
export const SECOND: u32 = 9;
const REGIONS: u32 = 10;

/** Spare bytes after each region, because a vector load reads 16 bytes and may run past the region's end. */
const SLACK: u32 = 64;
const FIRST_BYTES: u32 = 1 << 12;

/** The start of each region, the end of the last region, and the capacity of each region in bytes. */
const bases: usize = memory.data(44, 16);
const capacities: usize = memory.data(40, 16);

export function layOut(): bool {
  let at = (__heap_base + 63) & ~63;
  for (let region: u32 = 0; region < REGIONS; region++) {
    setBase(region, at);
    store<u32>(capacities + (<usize>region << 2), FIRST_BYTES);
    at += FIRST_BYTES + SLACK;
  }
  setBase(REGIONS, at);
  return grow(at);
}

function setBase(region: u32, at: usize): void {
  store<usize>(bases + (<usize>region << 2), at);
}

function grow(end: usize): bool {
  const pages = <i32>((end + 0xffff) >>> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function base(region: u32): usize {
  return load<usize>(bases + (<usize>region << 2));
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function capacity(region: u32): u32 {
  return load<u32>(capacities + (<usize>region << 2));
}

/** Makes room for this many bytes in a region. Returns `false` if there is not enough memory. */
export function reserve(region: u32, bytes: u32): bool {
  const has = capacity(region);
  if (bytes <= has) return true;
  const wanted = <u32>max<u64>((<u64>bytes + 63) & ~63, <u64>has * 2);
  const more = wanted - has;
  if (<u64>base(REGIONS) + more > 0xffff0000 || !grow(base(REGIONS) + more)) return false;
  const next = base(region + 1);
  memory.copy(next + more, next, base(REGIONS) - next);
  for (let each = region + 1; each <= REGIONS; each++) setBase(each, base(each) + more);
  store<u32>(capacities + (<usize>region << 2), wanted);
  return true;
}
