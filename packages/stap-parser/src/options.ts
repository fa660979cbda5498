import type { ScannerChoice } from '@stapflame/line-scanner';
import type { LabelOptions } from '@stapflame/stacks';
import * as z from '#zod';
import { ParserError } from './errors.ts';

/** The parser's options. All are optional. */
export interface ParserOptions {
  /** Whether each group of lines between blank lines is a sample whose weight is 1. @defaultValue false */
  readonly blankSeparated?: boolean;
  /**
   * A regular expression for the lines that separate samples, such as `/^-+$/`. Its first group is the count for the
   * frames before the line or, if the first separator comes before the first frame, for the frames after the line.
   * Without a group, each sample's weight is 1. @defaultValue no separators
   */
  readonly separator?: RegExp;
  /**
   * Whether to add the host as a root frame. Its label is the host's name from the trace's header or, without a name,
   * `host N` for the prefix `N: ` that `stap --remote-prefix` prints. @defaultValue false
   */
  readonly hostFrames?: boolean;
  /** Keep each frame's address in `Frame.address`. This takes a table entry for each address. @defaultValue false */
  readonly addresses?: boolean;
  /**
   * How much of each frame to keep: everything in its line (`whole`), or only the label (`labels`). With labels only,
   * folding a trace of sixteen programs took 0.38 of the CPU time (docs/benchmarks.md). @defaultValue 'whole'
   */
  readonly frames?: 'whole' | 'labels';
  /** What to add to the symbol in a label. @defaultValue \{\} */
  readonly label?: LabelOptions;
  /** Maximum line length in bytes. A longer line damages its record. @defaultValue 1048576 */
  readonly maxLineLength?: number;
  /**
   * Maximum number of lines in an unfinished record. If several hosts write one trace, this limit applies to all hosts'
   * unfinished records together. A record with more lines is damaged. @defaultValue 10000000
   */
  readonly maxRecordLines?: number;
  /** Maximum number of hosts (`N: ` prefixes) in a trace. Each host needs memory for a record. @defaultValue 100000 */
  readonly maxHosts?: number;
  /**
   * Maximum number of frames in a table. When a table is full, a new one is started.
   * @defaultValue 32768, or 1048576 with labels only
   */
  readonly maxTableFrames?: number;
  /**
   * Which scanner to use: `wasm` (WebAssembly), `reference` (plain JavaScript with the same results), or `auto`
   * (WebAssembly where it is available). @defaultValue 'auto'
   */
  readonly scanner?: ScannerChoice;
}

/** The options with all defaults filled in. */
export interface ResolvedParserOptions {
  readonly blankSeparated: boolean;
  readonly separator: RegExp | undefined;
  readonly hostFrames: boolean;
  readonly addresses: boolean;
  readonly frames: 'whole' | 'labels';
  readonly label: Required<LabelOptions>;
  readonly maxLineLength: number;
  readonly maxRecordLines: number;
  readonly maxHosts: number;
  readonly maxTableFrames: number;
  readonly scanner: ScannerChoice;
}

/**
 * Default limits on the number of frames in a table: for tables with complete lines (`MOST_LINES`), and for tables with
 * labels only (`MOST_LABELS`).
 */
const MOST_LINES = 1 << 15;
const MOST_LABELS = 1 << 20;

/**
 * Upper limit for `maxRecordLines`. All lines in open records may be different, and a line's number has 24 bits, so
 * this limit leaves some numbers free.
 */
const MAX_RECORD_LINES = 16_000_000;

const flag = z._default(z.boolean(), false);
const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));
const schema = z.strictObject({
  blankSeparated: flag,
  separator: z.optional(z.instanceof(RegExp)),
  hostFrames: flag,
  addresses: flag,
  frames: z._default(z.enum(['whole', 'labels']), 'whole'),
  label: z.prefault(z.strictObject({ module: flag, offset: flag, kernel: flag, address: flag }), {}),
  maxLineLength: z._default(whole(256, 1 << 26), 1 << 20),
  maxRecordLines: z._default(whole(1, MAX_RECORD_LINES), 10_000_000),
  maxHosts: z._default(whole(1, 10_000_000), 100_000),
  maxTableFrames: z.optional(whole(16, 1 << 20)),
  scanner: z._default(z.enum(['auto', 'wasm', 'reference']), 'auto'),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: ParserOptions): ResolvedParserOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new ParserError('INVALID_OPTIONS', `parser options: ${z.prettifyError(result.error)}`);
  const { label, addresses, frames, blankSeparated } = result.data;
  // with the g or y flag, the expression would continue from the position of its last match
  const given = result.data.separator;
  const separator = given && new RegExp(given, given.flags.replaceAll(/[gy]/g, ''));
  return {
    ...result.data,
    addresses: addresses || label.address,
    maxTableFrames: result.data.maxTableFrames ?? (frames === 'labels' ? MOST_LABELS : MOST_LINES),
    blankSeparated: blankSeparated || separator?.test('') === true,
    separator,
  };
}
