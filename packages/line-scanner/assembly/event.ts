/**
 * Reads the first line of a `perf script` sample backwards, like `src/event-line.ts`. Assembles the line's key in `key`
 * from the parts of the line that distinguish samples.
 */

const key: usize = memory.data(384);

const BLANK: u32 = 32;
const MOST_BLANKS: u32 = 20;
const MOST_BLANKS_AROUND: u32 = 40;
const MOST_DIGITS: u32 = 9;
const MOST_TIME_DIGITS: u32 = 10;
const MOST_PERIOD_DIGITS: u32 = 15;
const LONGEST_COMM: u32 = 41;
const LONGEST_EVENT: u32 = 200;

export class Event {
  /** The key and the period of the last line read. The period is 0 if the line has none. */
  static key: usize = 0;
  static keyLength: u32 = 0;
  static period: u64 = 0;
}

// the start of the current line, and the start of the part of the line that has been read
let start: usize = 0;
let at: usize = 0;

/** Reads the line from `from` to `end`. Returns `false` if the line is not an event line. */
export function readEvent(from: usize, end: usize, threads: bool): bool {
  start = from;
  at = end;
  if (blanks() > MOST_BLANKS_AROUND || !skip(58)) return false;
  const eventEnd = at;
  while (at > start && isWord(load<u8>(at - 1))) at--;
  const event = at;
  if (event == eventEnd || <u32>(eventEnd - event) > LONGEST_EVENT || !gap()) return false;
  Event.period = 0;
  const hasPeriod = at > start && load<u8>(at - 1) != 58;
  if (hasPeriod) {
    const periodEnd = at;
    if (!digits(MOST_PERIOD_DIGITS)) return false;
    for (let i = at; i < periodEnd; i++) Event.period = Event.period * 10 + load<u8>(i) - 48;
    if (blanks() > MOST_BLANKS_AROUND) return false;
  }
  if (!skip(58) || !digits(MOST_DIGITS) || !skip(46) || !digits(MOST_TIME_DIGITS) || !gap()) return false;
  if (skip(93) && (!digits(MOST_DIGITS) || !skip(91) || !gap())) return false;
  const idEnd = at;
  if (!digits(MOST_DIGITS) || (skip(47) && !digits(MOST_DIGITS))) return false;
  const id = at;
  if (!gap()) return false;
  const commEnd = at;
  while (start < commEnd && load<u8>(start) == BLANK) start++;
  if (<u32>(start - from) > MOST_BLANKS_AROUND || start == commEnd || <u32>(commEnd - start) > LONGEST_COMM) return false;
  for (let i = start; i < commEnd; i++) {
    const byte = <u32>load<u8>(i);
    if (byte < BLANK || byte > 126 || byte == 58) return false;
  }
  let to = key;
  to = append(to, start, commEnd);
  if (threads) to = append(to, id, idEnd);
  to = append(to, event, eventEnd);
  store<u8>(to, hasPeriod ? 1 : 0);
  Event.key = key;
  Event.keyLength = <u32>(to + 1 - key);
  return true;
}

function append(to: usize, from: usize, end: usize): usize {
  for (let i = from; i < end; i++) store<u8>(to++, load<u8>(i));
  store<u8>(to, 10);
  return to + 1;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function isWord(byte: u8): bool {
  return byte > 32 && byte < 127;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function skip(byte: u8): bool {
  if (at == start || load<u8>(at - 1) != byte) return false;
  at--;
  return true;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function blanks(): u32 {
  const end = at;
  while (at > start && load<u8>(at - 1) == BLANK) at--;
  return <u32>(end - at);
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function gap(): bool {
  const blank = blanks();
  return blank > 0 && blank <= MOST_BLANKS;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function digits(most: u32): bool {
  const end = at;
  while (at > start && <u32>load<u8>(at - 1) - 48 < 10) at--;
  return end > at && <u32>(end - at) <= most;
}
