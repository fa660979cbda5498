import type { ScannerChoice } from '@stapflame/line-scanner';
import * as z from '#zod';
import { PerfError } from './errors.ts';

/** Which parts of a frame to show in its label, in addition to the symbol. Every option is `false` by default. */
export interface LabelOptions {
  /** Show `SYMBOL [BASENAME]` instead of `SYMBOL`. */
  readonly module?: boolean;
  /** Show `SYMBOL+0xOFF` instead of `SYMBOL`. */
  readonly offset?: boolean;
  /** Append `_[k]` to the label of a kernel frame. */
  readonly kernel?: boolean;
  /** Append `_[j]` to the label of code that was generated at run time. */
  readonly jit?: boolean;
  /** Show `[BASENAME <ADDR>]` instead of `[BASENAME]` for a frame without a symbol. */
  readonly address?: boolean;
}

/** The parser's options. All are optional. */
export interface PerfOptions {
  /** The event to read, with or without modifiers: `cycles:u` or `cycles`. @defaultValue the input's first event */
  readonly event?: string;
  /**
   * Which root frame to add: `COMM` with `comm`, `COMM-PID` with `process`, `COMM-PID/TID` with `thread`, and no frame
   * with `none`. @defaultValue 'comm'
   */
  readonly root?: 'comm' | 'process' | 'thread' | 'none';
  /** Keep each frame's address in `Frame.address`. This takes a table entry for each address. @defaultValue false */
  readonly addresses?: boolean;
  /** What to add to the symbol in a label. @defaultValue \{\} */
  readonly label?: LabelOptions;
  /** Maximum line length in bytes. A longer line damages its sample. @defaultValue 1048576 */
  readonly maxLineLength?: number;
  /** Maximum number of lines in a sample. A sample with more lines is damaged. @defaultValue 10000000 */
  readonly maxRecordLines?: number;
  /** Maximum number of frames in a table. When a table is full, a new one is started. @defaultValue 32768 */
  readonly maxTableFrames?: number;
  /**
   * Which scanner to use: `wasm` (WebAssembly), `reference` (plain JavaScript with the same results), or `auto`
   * (WebAssembly where it is available). @defaultValue 'auto'
   */
  readonly scanner?: ScannerChoice;
}

/** The options with all defaults filled in. */
export type ResolvedOptions = Required<Omit<PerfOptions, 'event' | 'label'>> & {
  readonly event: string | undefined;
  readonly label: Required<LabelOptions>;
};

const flag = z._default(z.boolean(), false);
const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));
const schema = z.strictObject({
  event: z.optional(z.string().check(z.minLength(1))),
  root: z._default(z.enum(['comm', 'process', 'thread', 'none']), 'comm'),
  addresses: flag,
  label: z.prefault(
    z.strictObject({ module: flag, offset: flag, kernel: flag, jit: flag, address: flag }),
    {},
  ),
  maxLineLength: z._default(whole(256, 67_108_864), 1_048_576),
  maxRecordLines: z._default(whole(1, 16_000_000), 10_000_000),
  maxTableFrames: z._default(whole(16, 1_048_576), 32_768),
  scanner: z._default(z.enum(['auto', 'wasm', 'reference']), 'auto'),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: PerfOptions): ResolvedOptions {
  const { success, data, error } = schema.safeParse(options);
  if (!success) throw new PerfError('INVALID_OPTIONS', `perf options: ${z.prettifyError(error)}`);
  return { ...data, event: data.event, addresses: data.addresses || data.label.address };
}
