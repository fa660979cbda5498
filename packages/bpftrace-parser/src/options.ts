import type { ScannerChoice } from '@stapflame/line-scanner';
import * as z from '#zod';
import { BpftraceError } from './errors.ts';

/** The parser's options. All are optional. */
export interface BpftraceOptions {
  /** The map to read: `@`, `@samples`. @defaultValue the first map with stacks in its keys */
  readonly map?: string;
  readonly label?: {
    /** `SYMBOL [BASENAME]` instead of `SYMBOL`. @defaultValue false */
    readonly module?: boolean;
    /** `SYMBOL+0xOFF` instead of `SYMBOL`. @defaultValue false */
    readonly offset?: boolean;
    /** `_[k]` after the label of a frame known to be kernel code. @defaultValue false */
    readonly kernel?: boolean;
  };
  /** Longest line in bytes. A JSON line contains a whole map. @defaultValue 67108864 */
  readonly maxLineLength?: number;
  /** The most frames in a table; when it is full, a new one begins. @defaultValue 32768 */
  readonly maxTableFrames?: number;
  /** The WebAssembly scanner, the plain one, which behaves alike, or the first that runs here. @defaultValue 'auto' */
  readonly scanner?: ScannerChoice;
}

/** The options with all defaults filled in. */
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

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: BpftraceOptions): ResolvedOptions {
  const { success, data, error } = schema.safeParse(options);
  if (!success) throw new BpftraceError('INVALID_OPTIONS', `bpftrace options: ${z.prettifyError(error)}`);
  const { map, ...rest } = data;
  return { ...rest, ...(map !== undefined && { map }) };
}
