import type { ScannerChoice } from '@stapflame/line-scanner';
import * as z from '#zod';
import { DtraceError } from './errors.ts';

/** The parser's options. All are optional. */
export interface DtraceOptions {
  readonly label?: {
    /** `` MODULE`SYMBOL+0xOFF `` instead of `` MODULE`SYMBOL ``, except for leaves. @defaultValue false */
    readonly offset?: boolean;
  };
  /** Longest line in bytes; a longer one damages its record. @defaultValue 1048576 */
  readonly maxLineLength?: number;
  /** The most lines in one record; a record with more lines is damaged. @defaultValue 10000000 */
  readonly maxRecordLines?: number;
  /** The most frames in a table; when it is full, a new one begins. @defaultValue 32768 */
  readonly maxTableFrames?: number;
  /** The WebAssembly scanner, the plain one, which behaves alike, or the first that runs here. @defaultValue 'auto' */
  readonly scanner?: ScannerChoice;
}

/** The options with all defaults filled in. */
export type ResolvedOptions = Required<DtraceOptions> & { readonly label: { readonly offset: boolean } };

const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));
const schema = z.strictObject({
  label: z.prefault(z.strictObject({ offset: z._default(z.boolean(), false) }), {}),
  maxLineLength: z._default(whole(256, 67_108_864), 1_048_576),
  maxRecordLines: z._default(whole(1, 16_000_000), 10_000_000),
  maxTableFrames: z._default(whole(16, 1_048_576), 32_768),
  scanner: z._default(z.enum(['auto', 'wasm', 'reference']), 'auto'),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: DtraceOptions): ResolvedOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new DtraceError('INVALID_OPTIONS', `DTrace options: ${z.prettifyError(result.error)}`);
}
