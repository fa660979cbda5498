/**
 * Reads plain frames ahead, while lines are looked up by their symbols. A trace that needs this has more symbols than fit
 * into the CPU's caches, so the CPU waits for memory at nearly every line. It can fetch several places at once, but only
 * if the instructions that need them are close to each other. So the next lines are hashed first, and then all of their
 * sets are fetched in one short loop. For a trace from 16 programs, this takes 0.81 to 0.94 times the CPU time of fetching
 * them line by line (the ratios are in docs/benchmarks.md).
 *
 *     line ──▶ line ──▶ … 32 lines      find their ends, fetch their sets in the address cache
 *       │        │                      drop those that are in the address cache, and those that are not plain
 *     hash     hash                     hash the symbols
 *       └────────┴─────▶ sets           fetch the sets of all hashes
 *
 * Each line has an entry. Its end is needed only until its symbol is hashed:
 *
 *     +0 line │ +4 end │ +8 the two halves of its symbol's hash
 */
import { cacheSet, findCached } from './cache';
import { afterHexDigits } from './hex';
import { FORM_KERNEL, FORM_USER } from './keys';
import { readPlainFrame, symbolLength, symbolStart } from './plain-frame';
import { hashA, hashB, sipHash } from './siphash';
import { Input, findLineFeed } from './state';
import { fetchSets } from './symbols';

const LINES: i32 = 32;
const ENTRY: usize = 24;

const entries: usize = memory.data(768); // LINES * ENTRY
let next: usize = entries;
let last: usize = entries;

/** The sum of what was fetched. Without it, the compiler would remove the loads. */
const fetched: usize = memory.data(4);

/** Returns where the hash of the current line's symbol is, or 0 if the line is not a plain frame that begins with ` 0x`. */
export function hashAhead(): usize {
  if (Input.text >= Input.readAhead) readAhead();
  while (next < last && <usize>load<u32>(next) < Input.text) next += ENTRY;
  return next < last && <usize>load<u32>(next) == Input.text ? next + 8 : 0;
}

function readAhead(): void {
  let sum = findLines();
  keepPlainFrames();
  for (let entry = entries; entry < last; entry += ENTRY) sum += fetchSets(load<u64>(entry, 8));
  store<u32>(fetched, sum);
  next = entries;
}

/** Finds the next lines that begin with ` 0x`, and fetches their sets in the address cache. */
function findLines(): u32 {
  let sum: u32 = 0;
  let line = Input.text;
  last = entries;
  for (let i = 0; i < LINES; i++) {
    const end = findLineFeed(line);
    if (end == 0) break;
    if ((load<u32>(line) & 0xffffff) == 0x783020) {
      store<u32>(last, <u32>line);
      store<u32>(last, <u32>end, 4);
      sum += load<u32>(cacheSet(line));
      last += ENTRY;
    }
    line = end + 1;
  }
  Input.readAhead = line;
  return sum;
}

/** Keeps the entries of plain frames that are not in the address cache, and adds their hashes. */
function keepPlainFrames(): void {
  const found = last;
  last = entries;
  for (let entry = entries; entry < found; entry += ENTRY) {
    const line = <usize>load<u32>(entry);
    if (line != Input.text && findCached(cacheSet(line), line, Input.end) != 0) continue;
    const address = line + 3;
    const isKernel = afterHexDigits(address) == address + 16 && load<u8>(address) >= 0x38;
    if (!readPlainFrame(line, <usize>load<u32>(entry, 4), address, isKernel)) continue;
    sipHash(symbolStart, symbolLength, isKernel ? FORM_KERNEL : FORM_USER);
    store<u32>(last, <u32>line);
    store<u64>(last, hashA, 8);
    store<u64>(last, hashB, 16);
    last += ENTRY;
  }
}
