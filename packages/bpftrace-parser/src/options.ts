import type { ScannerChoice } from '@stapflame/line-scanner';
import * as z from '#zod';
import { BpftraceError } from './errors.ts';

/** The parser's options. All are optional. */
export interface BpftraceOptions {
  /** The map to read, such as `@` or `@samples`. @defaultValue the first map with stacks in its keys */
  readonly map?: string;
  readonly label?: {
    /** Add the module's file name to labels: `SYMBOL [BASENAME]`. @defaultValue false */
    readonly module?: boolean;
    /** Add the offset to labels: `SYMBOL+0xOFF`. @defaultValue false */
    readonly offset?: boolean;
    /** Add `_[k]` to the labels of frames that are known to be kernel code. @defaultValue false */
    readonly kernel?: boolean;
  };
  /** Maximum line length in bytes. In JSON output, each map is a single line. @defaultValue 67108864 */
  readonly maxLineLength?: number;
  /** Maximum number of frames in a table. When a table is full, a new one is started. @defaultValue 32768 */
  readonly maxTableFrames?: number;
  /**
   * Which scanner to use: `wasm` (WebAssembly), `reference` (plain JavaScript with the same results), or `auto`
   * (WebAssembly where it is available). @defaultValue 'auto'
   */
  readonly scanner?: ScannerChoice;
}

/** The options with the defaults filled in. */
export type ResolvedOptions = Required<Omit<BpftraceOptions, 'map' | 'label'>> &
  Pick<BpftraceOptions, 'map'> & { readonly label: Required<NonNullable<BpftraceOptions['label']>> };

const flag = z._default(z.boolean(), false);
const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));
const schema = z.strictObject({
  map: z.optional(z.string().check(z.minLength(1))),
  label: z.prefault(z.strictObject({ module: flag, offset: flag, kernel: flag }), {}),
  maxLineLength: z._default(whole(256, 67_108_864), 67_108_864),
  maxTableFrames: z._default(whole(16, 1_048_576), 32_768),
  scanner: z._default(z.enum(['auto', 'wasm', 'reference']), 'auto'),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: BpftraceOptions): ResolvedOptions {
  const { success, data, error } = schema.safeParse(options);
  if (!success) throw new BpftraceError('INVALID_OPTIONS', `bpftrace options: ${z.prettifyError(error)}`);
  const { map, ...rest } = data;
  return { ...rest, ...(map !== undefined && { map }) };
}
