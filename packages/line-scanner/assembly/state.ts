/** The state shared by all parts of the scanner: the input, and how far it has been read. */
import { growInput, input, inputCapacity } from './memory';

export class Input {
  /** The start of the current line, with its host prefix. */
  static start: usize = 0;
  /** The start of the current line, after its host prefix. */
  static text: usize = 0;
  /** The end of the input, and how far the input has been searched for line feeds. */
  static end: usize = 0;
  static searched: usize = 0;
  /** The end of the current line, without its line end, and the start of the next line. */
  static lineEnd: usize = 0;
  static next: usize = 0;
  /** Whether the rest of an overlong line is being skipped. */
  static inLongLine: bool = false;
}

/** What was read ahead; see `ahead.ts`. */
export class Ahead {
  /** The next line that was read ahead and is a plain frame, or 0. */
  static line: usize = 0;
  /** The end of the lines that were read ahead. */
  static end: usize = 0;
}

/** The kernel address in the previous line, if it had one, kept for comparison. */
export class Kernel {
  static address: v128 = i8x16.splat(0);
  static valid: bool = false;
}

export class Options {
  static maxLineLength: u32 = 0;
  static addresses: bool = false;
  static bareAddresses: bool = false;
  static blanks: bool = false;
  static marks: bool = false;
  static events: bool = false;
  static threads: bool = false;
  static symbols: bool = false;
}

/** The usual start of a line with an address, after `mask` is applied: ` 0`, or a TAB if addresses are bare. */
export class Lead {
  static bytes: u32 = 0x3020;
  static mask: u32 = 0xffff;
}

/** Makes room for input. Returns the distance by which the input was moved down, or −1 if memory runs out. */
export function makeSpace(): i32 {
  const left = <u32>(Input.end - Input.start);
  const moved = <u32>(Input.start - input);
  // A move never copies more bytes than were read since the last move, so the total number of copied bytes stays linear
  // in the input size.
  if (moved > 0 && left <= moved) {
    memory.copy(input, Input.start, left);
    Input.searched -= moved;
    Input.end -= moved;
    Input.start = input;
    Ahead.end = 0;
    return <i32>moved;
  }
  if (input + inputCapacity - Input.end < inputCapacity >> 2 && !growInput(inputCapacity * 2)) return -1;
  return 0;
}

/** Returns the position of the next line feed, or 0 if none follows in the input. */
export function findLineFeed(from: usize): usize {
  const lineFeeds = i8x16.splat(10);
  for (let at = from; at < Input.end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), lineFeeds));
    if (found != 0) {
      const lineFeed = at + <usize>ctz<i32>(found);
      return lineFeed < Input.end ? lineFeed : 0;
    }
  }
  return 0;
}

