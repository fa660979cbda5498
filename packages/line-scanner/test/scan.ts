import {
  createScanner,
  HOST_KEPT,
  Stop,
  Token,
  type LineScanner,
  type ScannerChoice,
  type ScannerOptions,
} from '../src/index.ts';
import { Plain, PlainFrameReader } from '../src/plain-frame.ts';

const DEFAULTS: ScannerOptions = {
  maxLineLength: 1 << 20,
  maxLines: 1 << 10,
  addresses: false,
  blanks: false,
  marks: true,
};

/** The result of a scan. Lines are shown as text, and marks by name. */
export interface Scanned {
  readonly seen: readonly string[];
  /** The lines where the scanner stopped. */
  readonly asked: readonly string[];
}

export interface Reading {
  readonly choice?: ScannerChoice;
  /** Chunk size in bytes. @defaultValue Infinity */
  readonly size?: number;
  readonly options?: Partial<ScannerOptions>;
  /** Whether lines have host prefixes. @defaultValue 'none' */
  readonly prefixes?: 'hosts' | 'none';
}

/**
 * Reads an input in chunks, and remembers each unknown line under the next number. A line that contains `whole` is
 * remembered with its address. If symbols are remembered, lines may be forgotten, so each symbol and each other line has
 * one number.
 */
export function scanAll(
  text: string | Uint8Array,
  { choice = 'reference', size = Infinity, options, prefixes }: Reading = {},
): Scanned {
  const scanner = createScanner({ ...DEFAULTS, ...options }, choice);
  if (prefixes === 'hosts') scanner.readPrefixes();
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  // a symbol's number must not be 0
  const lines: string[] = options?.maxSymbols ? [''] : [];
  const seen: string[] = [];
  const asked: string[] = [];
  const plain = new PlainFrameReader();
  const rememberOnce = (bytes: Uint8Array, line: string): void => {
    const isPlain = plain.read(bytes) !== Plain.NONE;
    const name = isPlain ? `symbol ${line.slice(plain.from, plain.to)}` : line;
    if (!lines.includes(name)) lines.push(name);
    if (isPlain) scanner.rememberSymbol(lines.indexOf(name));
    else scanner.rememberWhole(lines.indexOf(name));
  };
  const stop = (code: number): void => {
    drain(scanner, lines, seen);
    if (code === Stop.LONG_LINE) seen.push(`long line at ${scanner.base() + scanner.position()}`);
    if (code !== Stop.LINE && code !== Stop.EVENT) {
      if (code === Stop.LONG_LINE) scanner.skip();
      return;
    }
    const line = new TextDecoder().decode(scanner.line());
    asked.push(line);
    if (options?.maxSymbols) {
      rememberOnce(scanner.line(), line);
      return;
    }
    if (line.includes('whole')) scanner.rememberWhole(lines.length);
    else scanner.remember(lines.length);
    lines.push(line);
  };
  for (let at = 0; at < bytes.length;) {
    const space = scanner.space();
    const piece = bytes.subarray(at, at + Math.min(size, space.length));
    space.set(piece);
    scanner.advance(piece.length);
    at += piece.length;
    for (let code = scanner.scan(); ; code = scanner.scan()) {
      stop(code);
      if (code === Stop.INPUT) break;
    }
  }
  seen.push(`${scanner.pending()} pending`);
  return { seen, asked };
}

function drain(scanner: LineScanner, lines: readonly string[], seen: string[]): void {
  const { tokens } = scanner;
  const count = scanner.tokenCount();
  const base = scanner.base();
  for (let i = 0; i < count;) {
    const token = tokens[i++]!;
    if (token < Token.COUNT) {
      const same = (token & Token.SAME_ADDRESS) === 0 ? '' : 'again ';
      seen.push(same + lines[token & ~Token.SAME_ADDRESS]!);
    } else if (token === Token.COUNT) {
      seen.push(`count ${tokens[i + 1]! * 2 ** 32 + tokens[i]!} to ${base + tokens[i + 2]!}`);
      i += 3;
    } else if (token === Token.OPEN) seen.push(`open at ${base + tokens[i++]!}`);
    else if (token === Token.HOST) {
      const [host, digits, at, upper, lower] = tokens.subarray(i);
      seen.push(`host ${host} ${digits! & ~HOST_KEPT} at ${base + at!}`);
      if ((digits! & HOST_KEPT) === 0) seen.push(`left at ${upper} ${lower}`);
      i += 5;
    } else if (token === Token.ADDRESS) {
      seen.push(`address ${tokens[i]} ${tokens[i + 1]}`);
      i += 2;
    } else if (token === Token.EVENT) {
      seen.push(`event ${lines[tokens[i]!]!} for ${tokens[i + 2]! * 2 ** 32 + tokens[i + 1]!}`);
      i += 3;
    } else if (token === Token.BLANK) seen.push(`blank to ${base + tokens[i++]!}`);
    else seen.push(token === Token.CLOSE ? 'close' : 'stray close');
  }
  scanner.clearTokens();
}
