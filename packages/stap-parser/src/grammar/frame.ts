/**
 * The forms in which SystemTap prints a frame (runtime/sym.c `_stp_snprint_addr()` and the older `_stp_func_print()`,
 * runtime/stack.c, tapset/linux/ucontext-symbols.stp), read from one line without its line end. White space around a
 * frame means nothing: traces pass through mail, copy and paste, and `sed`.
 */

import { parseThreadName } from './thread-name.ts';

/** Whether the frame is user code or kernel code; `undefined` if the line does not say. */
export type FrameSpace = 'user' | 'kernel' | undefined;

/** The content of a line with a known form. All fields are always present, which makes reading frames fast. */
export interface ParsedFrame {
  readonly symbol: string | undefined;
  /** Bytes from the start of the symbol or, if only the module is known, of the module. */
  readonly offset: number | undefined;
  /** Path or base name, as printed. */
  readonly module: string | undefined;
  /** As printed, with `0x`. */
  readonly address: string | undefined;
  /** Source file and line number. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly space: FrameSpace;
  /** The unwinder guessed this frame. */
  readonly inexact: boolean;
}

/** A frame being read: each function below fills in the fields it finds, and returns whether the form is known. */
type Draft = { -readonly [field in keyof ParsedFrame]: ParsedFrame[field] };

const INEXACT = ' (inexact)';
const RETURNING = /^Returning (?:from|to) *: */;
const NO_BACKTRACE = /^<no (user|kernel) backtrace at [^>]*>$/;
const ADDRESS = /^0x[0-9a-f]{1,16}(?![0-9a-f])/;
const MODULE_OFFSET = /^ \[(.+)\+0x([0-9a-f]+)(?:\/0x[0-9a-f]+)?\](?= at |$)/;
/** The name of a kernel module. (A path that contains brackets could be anything.) */
const MODULE_ALONE = /^ \[([^[\]]+)\]$/;
const OFFSET_SIZE = /\+0x([0-9a-f]+)\/0x[0-9a-f]+(?= \[| at |$)/y;
const OFFSET = /\+0x([0-9a-f]+)(?= \[|$)/y;
const FILE_LINE = /^ at (.+?)(?::(\d{1,9}))?$/;

/** Parses a line in a record. A thread's name is never a frame, whatever it looks like. */
export function parseLine(line: string): ParsedFrame | undefined {
  return parseThreadName(line) === undefined ? parseFrame(line) : undefined;
}

/** The frame on the line, or `undefined` if the line's form is unknown. */
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

/** Reads a symbol. Symbols never begin like a number: such text is an address that is too long. */
function readSymbol(frame: Draft, text: string): boolean {
  return (
    !text.startsWith('0x') && (splitSymbol(frame, text, OFFSET_SIZE) || splitSymbol(frame, text, OFFSET))
  );
}

/**
 * SYMBOL+0xOFF/0xSIZE at FILE:LINE [MODULE]: names may contain almost anything, so the symbol ends at the
 * *last* offset with valid text after it. The search begins at the right, so that it takes linear time even in hostile
 * text.
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

/** Reads ` at FILE:LINE`, ` at FILE`, or nothing. */
function readPlace(frame: Draft, text: string): boolean {
  if (text === '') return true;
  const match = FILE_LINE.exec(text);
  if (!match) return false;
  frame.file = match[1]!;
  if (match[2] !== undefined) frame.line = Number(match[2]);
  return true;
}

/**
 * A frame with the module `[kernel]` is kernel code, whatever its address is (on i386 and s390x it is below 2^63).
 * Otherwise, addresses from 2^63 on (sixteen digits, beginning with 8 or more) belong to the kernel and its modules.
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
