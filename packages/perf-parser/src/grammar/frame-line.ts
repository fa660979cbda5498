/**
 * A line that contains a frame (see perf's `sample__fprintf_callchain()`). If a sample has only one frame, that frame
 * is at the end of the sample's first line instead:
 *
 *     7f443cc6f090 _start+0x10 (/lib/x86_64-linux-gnu/ld-2.27.so)
 *     5581e2a8c1b9 hash (inlined)
 *     7f1e2215d058 [unknown] (/usr/lib/libc.so.6 (deleted))
 *     7f443cc6f090 _start+0x10                                      without dso
 *     7f443cc6f090                                                  without sym
 *     7f1e2215d058 [unknown] (/usr/lib/libc.so.6+0x1058)            +dsoff
 */
export interface FrameLine {
  /** The address in hexadecimal digits, as perf printed it. */
  readonly address: string;
  readonly symbol: string | undefined;
  /** Number of bytes from the start of the symbol or, if only the module is known, from the start of the module. */
  readonly offset: number | undefined;
  readonly module: string | undefined;
  readonly inlined: boolean;
}

const ADDRESS = /^[ \t]*([0-9a-f]{1,16})(?![^ ])/;
const MODULE = /(?:^| )\(([^()]*(?:\([^()]*\))?)\)$/;
const OFFSET = /\+0x([0-9a-f]{1,16})$/;
/** Matches a missing symbol. Old perf versions print the process name instead. */
const NO_SYMBOL = /^(?:\[unknown\]|\([^()]*\))?$/;

/** Returns the frame in a line, or `undefined` if the line does not begin with an address. */
export function parseFrameLine(line: string): FrameLine | undefined {
  const match = ADDRESS.exec(line);
  if (!match) return undefined;
  const rest = line.slice(match[0].length).trim();
  const [whole = '', printed] = MODULE.exec(rest) ?? [];
  const inlined = printed === 'inlined';
  const module = inlined || printed === '[unknown]' ? undefined : printed?.replace(' (deleted)', '');
  const name = rest.slice(0, rest.length - whole.length).trim();
  const symbol = name.replace(OFFSET, '');
  const isKnown = !NO_SYMBOL.test(symbol);
  const offset = Number.parseInt(OFFSET.exec(isKnown ? name : (module ?? ''))?.[1] ?? '', 16);
  return {
    address: match[1]!,
    symbol: isKnown ? symbol : undefined,
    offset: Number.isSafeInteger(offset) ? offset : undefined,
    module: module?.replace(OFFSET, ''),
    inlined,
  };
}

/**
 * Returns the frame at the end of a sample's first line. Other fields and the function's indented name
 * (`-F +callindent`) may precede it. For a branch (`FROM => TO`), only FROM is returned.
 *
 *     7fa68b1f2d84 _dl_start+0x4 (/usr/lib/ld-2.31.so) => 7fa68b1f2e10 _dl_sysdep_start+0x0 (/usr/lib/ld-2.31.so)
 *     main                                   401b97 main+0x1f (/bin/counter)
 */
export function parseTail(tail: string): FrameLine | undefined {
  const text = tail.replace(/ => [^]*$/, '').trim();
  const first = parseFrameLine(text);
  if (first) return first.module !== undefined || first.address.length > 4 ? first : undefined;
  const at = text.search(/(?<= )(?=[a-f]*\d)[0-9a-f]{5,16} (?=[^ ])/);
  const last = at < 0 ? undefined : parseFrameLine(text.slice(at));
  return last?.module === undefined ? undefined : last;
}
