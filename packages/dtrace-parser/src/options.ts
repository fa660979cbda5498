import type { ScannerChoice } from '@stapflame/line-scanner';
import * as z from '#zod';
import { DtraceError } from './errors.ts';

/** The parser's options. All are optional. */
export interface DtraceOptions {
  readonly label?: {
    /** Add the offset to the labels of all frames except leaves: `` MODULE`SYMBOL+0xOFF ``. @defaultValue false */
    readonly offset?: boolean;
  };
  /** Maximum line length in bytes. A longer line damages its record. @defaultValue 1048576 */
  readonly maxLineLength?: number;
  /** Maximum number of lines in a record. A record with more lines is damaged. @defaultValue 10000000 */
  readonly maxRecordLines?: number;
  /** Maximum number of frames in a table. When a table is full, a new one is started. @defaultValue 32768 */
  readonly maxTableFrames?: number;
  /**
   * Which scanner to use: `wasm` (WebAssembly), `reference` (plain JavaScript with the same results), or `auto`
   * (WebAssembly where it is available). @defaultValue 'auto'
   */
  readonly scanner?: ScannerChoice;
}

/** The options with the defaults filled in. */
export type ResolvedOptions = Required<DtraceOptions> & { readonly label: { readonly offset: boolean } };

const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));
const schema = z.strictObject({
  label: z.prefault(z.strictObject({ offset: z._default(z.boolean(), false) }), {}),
  maxLineLength: z._default(whole(256, 67_108_864), 1_048_576),
  maxRecordLines: z._default(whole(1, 16_000_000), 10_000_000),
  maxTableFrames: z._default(whole(16, 1_048_576), 32_768),
  scanner: z._default(z.enum(['auto', 'wasm', 'reference']), 'auto'),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: DtraceOptions): ResolvedOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new DtraceError('INVALID_OPTIONS', `DTrace options: ${z.prettifyError(result.error)}`);
}
