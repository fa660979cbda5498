/**
 * Reads a frame from a line without its line end, in every format that SystemTap prints (`_stp_snprint_addr()` and the
 * older `_stp_func_print()` in runtime/sym.c, runtime/stack.c, tapset/linux/ucontext-symbols.stp). White space around
 * a frame is ignored, because mail, copy and paste, or `sed` may have changed it.
 */

import { parseThreadName } from './thread-name.ts';

/** Whether a frame is user code or kernel code; `undefined` if the line does not say. */
type FrameSpace = 'user' | 'kernel' | undefined;

/** The content of a recognised line. All fields are always present, which makes reading frames fast. */
export interface ParsedFrame {
  readonly symbol: string | undefined;
  /** Number of bytes from the start of the symbol or, if only the module is known, from the start of the module. */
  readonly offset: number | undefined;
  /** The module's path or base name, as printed. */
  readonly module: string | undefined;
  /** The address as printed, with `0x`. */
  readonly address: string | undefined;
  /** The source file and the line number. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly space: FrameSpace;
  /** Whether the unwinder guessed this frame. */
  readonly inexact: boolean;
}

/** A frame that is being read. The functions below fill in its fields, and return whether they recognise the line. */
type Draft = { -readonly [field in keyof ParsedFrame]: ParsedFrame[field] };

const INEXACT = ' (inexact)';
const RETURNING = /^Returning (?:from|to) *: */;
const NO_BACKTRACE = /^<no (user|kernel) backtrace at [^>]*>$/;
const ADDRESS = /^0x[0-9a-f]{1,16}(?![0-9a-f])/;
const MODULE_OFFSET = /^ \[(.+)\+0x([0-9a-f]+)(?:\/0x[0-9a-f]+)?\](?= at |$)/;
/** Matches the name of a kernel module, which contains no brackets. */
const MODULE_ALONE = /^ \[([^[\]]+)\]$/;
const OFFSET_SIZE = /\+0x([0-9a-f]+)\/0x[0-9a-f]+(?= \[| at |$)/y;
const OFFSET = /\+0x([0-9a-f]+)(?= \[|$)/y;
const FILE_LINE = /^ at (.+?)(?::(\d{1,9}))?$/;

/** Parses a line in a record. A marked thread name is never read as a frame, even if it looks like one. */
export function parseLine(line: string): ParsedFrame | undefined {
  return parseThreadName(line) === undefined ? parseFrame(line) : undefined;
}

/** Returns the line's frame, or `undefined` if the line is not recognised. */
export function parseFrame(line: string): ParsedFrame | undefined {
  const trimmed = line.trim();
  const text = trimmed.startsWith('Returning ') ? trimmed.replace(RETURNING, '') : trimmed;
  const inexact = text.endsWith(INEXACT);
  const body = inexact ? text.slice(0, -INEXACT.length) : text;
  const address = ADDRESS.exec(body)?.[0];
  const frame: Draft = {
    symbol: undefined,
    offset: undefined,
    module: undefined,
    address,
    file: undefined,
    line: undefined,
    space: undefined,
    inexact,
  };
  if (address === undefined) {
    if (body.startsWith('<no ')) return readNoBacktrace(frame, body) ? frame : undefined;
    if (!readSymbol(frame, body)) return undefined;
  } else if (!readAfterAddress(frame, body.slice(address.length), address)) return undefined;
  frame.space = spaceOf(frame);
  return frame;
}

function readNoBacktrace(frame: Draft, text: string): boolean {
  const space = NO_BACKTRACE.exec(text)?.[1];
  if (space === 'user' || space === 'kernel') frame.space = space;
  return space !== undefined;
}

/**
 * Reads the rest of the line, from the caret on:
 *
 *     0xADDR : SYMBOL+0xOFF/0xSIZE at FILE:LINE [MODULE]
 *     0xADDR : SYMBOL+0xOFF/0xSIZE [MODULE]
 *     0xADDR : 0xADDR [MODULE+0xOFF/0xSIZE]
 *     0xADDR [MODULE+0xOFF/0xSIZE] at FILE:LINE
 *     0xADDR [MODULE]
 *     0xADDR
 *           ^
 */
function readAfterAddress(frame: Draft, rest: string, address: string): boolean {
  const tail = withoutOwnAddress(rest, address);
  if (tail === '' || tail === '  :  <unknown>') return true;
  if (tail.startsWith(' : ')) return readSymbol(frame, tail.slice(3));
  const module = MODULE_OFFSET.exec(tail);
  if (module) {
    frame.module = module[1]!;
    frame.offset = Number.parseInt(module[2]!, 16);
    return readPlace(frame, tail.slice(module[0].length));
  }
  frame.module = MODULE_ALONE.exec(tail)?.[1];
  return frame.module !== undefined;
}

function withoutOwnAddress(rest: string, address: string): string {
  const end = 3 + address.length;
  const own = rest.startsWith(' : 0x') && rest.startsWith(address, 3);
  return own && (rest.length === end || rest[end] === ' ') ? rest.slice(end) : rest;
}

/** Reads a symbol. Text that begins with `0x` is not a symbol but an overlong address. */
function readSymbol(frame: Draft, text: string): boolean {
  return (
    !text.startsWith('0x') && (splitSymbol(frame, text, OFFSET_SIZE) || splitSymbol(frame, text, OFFSET))
  );
}

/**
 * Reads `SYMBOL+0xOFF/0xSIZE at FILE:LINE [MODULE]`. Names may contain almost any text, so the symbol ends at the
 * *last* offset with valid text after it. The search starts at the end, so it takes linear time even on crafted text.
 */
function splitSymbol(frame: Draft, text: string, offsetForm: RegExp): boolean {
  for (let at = text.lastIndexOf('+0x'); at > 0; at = text.lastIndexOf('+0x', at - 1)) {
    offsetForm.lastIndex = at;
    const match = offsetForm.exec(text);
    if (!match) continue;
    frame.symbol = text.slice(0, at);
    frame.offset = Number.parseInt(match[1]!, 16);
    const rest = text.slice(offsetForm.lastIndex);
    const open = rest.startsWith(' [') ? 0 : rest.lastIndexOf(' [');
    if (open < 0) return readPlace(frame, rest);
    frame.module = rest.slice(open + 2, -1);
    return rest.endsWith(']') && readPlace(frame, rest.slice(0, open));
  }
  return false;
}

/** Reads ` at FILE:LINE`, ` at FILE` or an empty string. */
function readPlace(frame: Draft, text: string): boolean {
  if (text === '') return true;
  const match = FILE_LINE.exec(text);
  if (!match) return false;
  frame.file = match[1]!;
  if (match[2] !== undefined) frame.line = Number(match[2]);
  return true;
}

/**
 * A frame with the module `[kernel]` is kernel code, even if its address is below 2^63, as on i386 and s390x. In any
 * other frame, an address of 2^63 or higher (sixteen digits, the first at least 8) belongs to the kernel or one of its
 * modules.
 */
function spaceOf({ module, address }: ParsedFrame): FrameSpace {
  if (module === 'kernel') return 'kernel';
  if (address === undefined) return undefined;
  return address.length === 18 && address >= '0x8' ? 'kernel' : 'user';
}

const LOW_KERNEL = /^[ \t]*0x(?![89a-f][0-9a-f]{15} )[0-9a-f]{1,16} : .*\[kernel\](?: \(inexact\))?[ \t]*$/;

/** Whether the line is a kernel frame with an address below 2^63. */
export function isLowKernelFrame(line: string): boolean {
  return LOW_KERNEL.test(line);
}
