/** The state that all parts of the scanner share: the input, and how far it has been read. */
import { growInput, input, inputCapacity } from './memory';

export class Input {
  /** Pointers: the current line, the end of the input, and where to search for the next line feed. */
  static start: usize = 0;
  /** Where the line begins, after its host prefix. */
  static text: usize = 0;
  static end: usize = 0;
  static searched: usize = 0;
  /** Where the line's text ends, before the line feed, and where the next line starts. */
  static lineEnd: usize = 0;
  static next: usize = 0;
  /** Whether the rest of a line over the limit is being skipped. */
  static inLongLine: bool = false;
}

/** The last kernel address, kept for comparison. */
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

/** The usual beginning of a line with an address: ` 0`, or TAB if addresses are bare. Only bytes in `mask` count. */
export class Lead {
  static bytes: u32 = 0x3020;
  static mask: u32 = 0xffff;
}

/** Makes room for input. Returns how many bytes the input moved down, or −1 if there is not enough memory. */
export function makeSpace(): i32 {
  const left = <u32>(Input.end - Input.start);
  const moved = <u32>(Input.start - input);
  // The total number of bytes copied stays linear in the input size, because no move copies more than was read since
  // the last move.
  if (moved > 0 && left <= moved) {
    memory.copy(input, Input.start, left);
    Input.searched -= moved;
    Input.end -= moved;
    Input.start = input;
    return <i32>moved;
  }
  if (input + inputCapacity - Input.end < inputCapacity >> 2 && !growInput(inputCapacity * 2)) return -1;
  return 0;
}

/** Finds the next line feed. Returns 0 if there is none before the end of the input. */
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

