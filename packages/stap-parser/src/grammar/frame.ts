/**
 * The forms in which SystemTap prints a frame (runtime/sym.c `_stp_snprint_addr()`, runtime/stack.c,
 * tapset/linux/ucontext-symbols.stp), read from one line without its line end.
 */

/** Whose code a frame is; `undefined` where the line does not say. */
export type FrameSpace = 'user' | 'kernel' | undefined;

/** What a line of a known form says. */
export interface ParsedFrame {
  readonly symbol?: string;
  /** Bytes from the start of the symbol or, where only the module is known, of the module. */
  readonly offset?: number;
  /** Path or base name, as printed. */
  readonly module?: string;
  /** As printed, with `0x`. */
  readonly address?: string;
  readonly space: FrameSpace;
  /** The unwinder guessed. */
  readonly inexact: boolean;
}

const INEXACT = ' (inexact)';
const RETURNING = /^Returning (?:from: |to {2}: )/;
const NO_BACKTRACE = /^<no (user|kernel) backtrace at [^>]*>$/;
const ADDRESS = /^ 0x([0-9a-f]{1,16})(?![0-9a-f])/;
const BARE_ADDRESS = /^0x([0-9a-f]{1,16})(?![0-9a-f])/;
const MODULE_OFFSET = /^ \[(.+)\+0x([0-9a-f]+)(?:\/0x[0-9a-f]+)?\]$/;
const OFFSET_SIZE = /\+0x([0-9a-f]+)\/0x[0-9a-f]+(?= \[| at |$)/y;
const OFFSET = /\+0x([0-9a-f]+)(?= \[|$)/y;
const AT_LINE = /^ at (?!.*\[)/;

/** The frame on the line, or `undefined` where the line is of no known form. */
export function parseFrame(line: string): ParsedFrame | undefined {
  const none = NO_BACKTRACE.exec(line);
  if (none) return { space: none[1] === 'kernel' ? 'kernel' : 'user', inexact: false };
  const text = line.startsWith('Returning ') ? line.replace(RETURNING, '') : line;
  const inexact = text.endsWith(INEXACT);
  const body = inexact ? text.slice(0, -INEXACT.length) : text;
  const address = ADDRESS.exec(body);
  if (address) return afterAddress(body.slice(address[0].length), address[1]!, inexact);
  return text.startsWith(' ') ? undefined : withoutSpace(body, inexact);
}

/**
 *  0xADDR : SYMBOL+0xOFF/0xSIZE [MODULE]      0xADDR [MODULE+0xOFF/0xSIZE]      0xADDR
 *        ^                                          ^                                 ^
 */
function afterAddress(rest: string, digits: string, inexact: boolean): ParsedFrame | undefined {
  const address = `0x${digits}`;
  const space = addressSpace(digits);
  const own = ` : ${address}`;
  const tail =
    rest.startsWith(own) && (rest.length === own.length || rest[own.length] === ' ')
      ? rest.slice(own.length)
      : rest;
  if (tail === '' || tail === '  :  <unknown>') return { address, space, inexact };
  const module = MODULE_OFFSET.exec(tail);
  if (module) return { address, module: module[1]!, offset: Number.parseInt(module[2]!, 16), space, inexact };
  if (!tail.startsWith(' : ')) return undefined;
  const symbol = splitSymbol(tail.slice(3), OFFSET_SIZE);
  return symbol && { address, ...symbol, space, inexact };
}

/** The `sprint_…` and `…_brief` forms: no leading space, the address only where nothing else is known. */
function withoutSpace(body: string, inexact: boolean): ParsedFrame | undefined {
  const address = BARE_ADDRESS.exec(body);
  if (address) {
    const frame = afterAddress(body.slice(address[0].length), address[1]!, inexact);
    if (frame && frame.symbol === undefined) return frame;
  }
  const symbol = splitSymbol(body, OFFSET_SIZE) ?? splitSymbol(body, OFFSET);
  return symbol && { ...symbol, space: symbol.module === 'kernel' ? 'kernel' : undefined, inexact };
}

/**
 * SYMBOL+0xOFF/0xSIZE [MODULE]: both names may hold almost anything, so the symbol ends at the *last*
 * offset that is followed by what may follow one. Searched from the right: linear in hostile text, too.
 */
function splitSymbol(
  text: string,
  offsetForm: RegExp,
): { symbol: string; offset: number; module?: string } | undefined {
  for (let at = text.lastIndexOf('+0x'); at > 0; at = text.lastIndexOf('+0x', at - 1)) {
    offsetForm.lastIndex = at;
    const match = offsetForm.exec(text);
    if (!match) continue;
    const parts = { symbol: text.slice(0, at), offset: Number.parseInt(match[1]!, 16) };
    const rest = text.slice(offsetForm.lastIndex);
    if (rest === '' || AT_LINE.test(rest)) return parts;
    const open = rest.startsWith(' at ') ? rest.lastIndexOf(' [') : 0;
    return rest.endsWith(']') ? { ...parts, module: rest.slice(open + 2, -1) } : undefined;
  }
  return undefined;
}

/** Kernel addresses are those from 2^63 on: sixteen digits, the first one 8 or more. */
function addressSpace(digits: string): FrameSpace {
  return digits.length === 16 && digits >= '8' ? 'kernel' : 'user';
}
