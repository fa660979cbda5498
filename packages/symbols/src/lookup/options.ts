import type { LabelOptions } from '@stapflame/stacks';
import * as z from '#zod';
import { SymbolsError } from '../errors.ts';

/** Options for the lookup. All are optional. */
export interface LookupOptions {
  /** Show inlined functions as separate frames. @defaultValue true */
  readonly inlines?: boolean;
  /** What to show in labels in addition to the symbol. @defaultValue \{\} */
  readonly label?: LabelOptions;
  /** How much to keep of each frame that is found: everything, or only the label. @defaultValue 'whole' */
  readonly frames?: 'whole' | 'labels';
}

/** The options with the defaults filled in. */
export interface ResolvedLookupOptions {
  readonly inlines: boolean;
  readonly label: Required<LabelOptions>;
  readonly frames: 'whole' | 'labels';
}

const flag = z._default(z.boolean(), false);
const schema = z.strictObject({
  inlines: z._default(z.boolean(), true),
  label: z.prefault(z.strictObject({ module: flag, offset: flag, kernel: flag, address: flag }), {}),
  frames: z._default(z.enum(['whole', 'labels']), 'whole'),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveLookupOptions(options: LookupOptions): ResolvedLookupOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new SymbolsError('INVALID_OPTIONS', `lookup options: ${z.prettifyError(result.error)}`);
  return result.data;
}
