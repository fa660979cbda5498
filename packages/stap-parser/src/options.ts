import type { ScannerChoice } from '@stapflame/line-scanner';
import type { LabelOptions } from '@stapflame/stacks';
import * as z from '#zod';
import { ParserError } from './errors.ts';

/** The parser's options. All are optional. */
export interface ParserOptions {
  /** Each group of lines between blank lines is a sample with weight 1. @defaultValue false */
  readonly blankSeparated?: boolean;
  /**
   * Lines that match this expression separate samples: `/^-+$/`. Its first group is the count for the frames before the
   * line, or for the frames after it if a separator comes before the first frame. Without a group each sample has
   * weight 1.
   * @defaultValue no separators
   */
  readonly separator?: RegExp;
  /**
   * Make the host the root frame, with the name in its trace's header, otherwise as `host N` for the `N: ` prefix that
   * `stap --remote-prefix` prints. @defaultValue false
   */
  readonly hostFrames?: boolean;
  /** Keep each frame's address: `Frame.address`, at the cost of one table entry per address. @defaultValue false */
  readonly addresses?: boolean;
  /**
   * How much of each frame to keep: the whole line or only the label. With labels only, folding a trace of sixteen
   * programs took 0.38 of the CPU time (docs/benchmarks.md). @defaultValue 'whole'
   */
  readonly frames?: 'whole' | 'labels';
  /** Parts to add to the symbol in a label. @defaultValue \{\} */
  readonly label?: LabelOptions;
  /** Longest line in bytes; a longer one damages its record. @defaultValue 1048576 */
  readonly maxLineLength?: number;
  /**
   * The most lines to keep for unfinished records: one record or, if several hosts write at the same time, the records
   * of all hosts together. A record that needs more lines is damaged. @defaultValue 10000000
   */
  readonly maxRecordLines?: number;
  /** The most hosts (`N: ` prefixes) in one trace; each has an open record. @defaultValue 100000 */
  readonly maxHosts?: number;
  /** The most frames in a table; when it is full, a new one begins. @defaultValue 32768; with labels only, 1048576 */
  readonly maxTableFrames?: number;
  /**
   * Which scanner to use: WebAssembly, the plain one with the same behaviour, or `auto`, the first that runs here.
   * @defaultValue 'auto'
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

/** The most frames in a table by default. */
const MOST_LINES = 1 << 15;
const MOST_LABELS = 1 << 20;

/** All lines in open records may differ, and line numbers have 24 bits. This limit leaves numbers for later lines. */
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
  // with the flag g or y it would continue where it stopped on the previous line
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
