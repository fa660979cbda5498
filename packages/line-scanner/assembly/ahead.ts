/**
 * Reads plain frames in batches, while lines are looked up by their symbols. A trace that needs this has more symbols than
 * fit into the CPU's caches, so the CPU waits for memory at nearly every line. It can fetch several places at once, but only
 * if the instructions that need them are close to each other. So the next lines are read and hashed first, and then all of
 * their sets are fetched in one short loop.
 *
 *     line ──▶ line ──▶ … 32 lines      read them; those that are not plain frames get no entry
 *       │        │
 *     hash     hash                     hash the symbols
 *       └────────┴─────▶ sets           fetch the sets of all hashes
 *       │        │
 *     token    token                    until a line has no entry, or its symbol is not known
 *
 * An entry contains:
 *
 *     +0 line │ +4 end │ +8 form │ +12 the three thirds of its symbol's hash
 */
import { afterHexDigits } from './hex';
import { FORM_KERNEL, FORM_USER } from './keys';
import { endOfPlainFrame, symbolLength, symbolStart } from './plain-frame';
import { Ahead, Input, Kernel, Options, findLineFeed } from './state';
import { fetchSets, findHashed } from './symbols';
import { hashA, hashB, hashText } from './text-hash';
import { SAME_ADDRESS, Tokens, emit } from './tokens';

const LINES: i32 = 32;
const ENTRY: usize = 24;

const entries: usize = memory.data(768, 16); // LINES * ENTRY
let next: usize = entries;
let last: usize = entries;

/** The sum of what was fetched. Without it, the compiler would remove the loads. */
const fetched: usize = memory.data(4, 4);

/**
 * Emits the tokens of plain frames with known symbols, until `most` lines were read or another line comes. Returns the
 * number of lines read.
 */
export function readKnownFrames(most: u32): u32 {
  if (Input.start >= Ahead.end) readAhead();
  while (next < last && <usize>load<u32>(next) < Input.start) next += ENTRY;
  let lines: u32 = 0;
  for (; lines < most && next < last && <usize>load<u32>(next) == Input.start; next += ENTRY) {
    const token = findHashed(load<u64>(next, 12), load<u32>(next, 20));
    if (token == 0) break;
    emitFrame(token, load<u32>(next, 8) == FORM_KERNEL);
    Input.start = <usize>load<u32>(next, 4) + 1;
    lines++;
  }
  Ahead.line = next < last ? <usize>load<u32>(next) : 0;
  if (Input.searched < Input.start) Input.searched = Input.start;
  return lines;
}

function emitFrame(token: u32, isKernel: bool): void {
  if (!isKernel) {
    Kernel.valid = false;
    emit(token);
    return;
  }
  const address = v128.load(Input.start, 3);
  emit(Kernel.valid && i8x16.all_true(i8x16.eq(Kernel.address, address)) ? token | SAME_ADDRESS : token);
  Kernel.address = address;
  Kernel.valid = true;
}

function readAhead(): void {
  next = last = entries;
  // while the current line is incomplete, search only the bytes that are new, or a long line would take quadratic time
  if (findLineFeed(max(Input.searched, Input.start)) == 0) return;
  let line = Input.start;
  for (let i = 0; i < LINES; i++) {
    const end = readLineAhead(line);
    if (end == 0) break;
    line = end + 1;
  }
  Ahead.end = line;
  let sum: u32 = 0;
  for (let entry = entries; entry < last; entry += ENTRY) sum += fetchSets(load<u64>(entry, 12));
  store<u32>(fetched, sum);
}

/** Makes an entry for the line if it is a plain frame. Returns the line's end, or 0 if the line is not complete. */
function readLineAhead(line: usize): usize {
  if ((load<u32>(line) & 0xffffff) != 0x783020) return findLineFeed(line);
  const address = line + 3;
  const colon = afterHexDigits(address);
  const digits = <u32>(colon - address);
  if (digits == 0 || digits > 16) return findLineFeed(line);
  const isKernel = digits == 16 && load<u8>(address) >= 0x38;
  const end = endOfPlainFrame(address, colon, isKernel);
  // a line end is a line feed here; the slow path reads lines with a carriage return, and those that are too long
  if (end == 0 || end >= Input.end || load<u8>(end) != 10 || <u32>(end - line) > Options.maxLineLength) {
    return findLineFeed(line);
  }
  const form = isKernel ? FORM_KERNEL : FORM_USER;
  hashText(symbolStart, symbolLength, form);
  store<u32>(last, <u32>line);
  store<u32>(last, <u32>end, 4);
  store<u32>(last, form, 8);
  store<u64>(last, hashA, 12);
  store<u32>(last, hashB, 20);
  last += ENTRY;
  return end;
}
