import type { LabelOptions } from '@stapflame/stacks';
import * as z from '#zod';
import { SymbolsError } from '../errors.ts';

/** Options of the lookup; every one may be left out. */
export interface LookupOptions {
  /** Functions that were inlined become frames of their own. @defaultValue true */
  readonly inlines?: boolean;
  /** Parts of the label beside the symbol. @defaultValue \{\} */
  readonly label?: LabelOptions;
}

/** The options with every default filled in. */
export interface ResolvedLookupOptions {
  readonly inlines: boolean;
  readonly label: Required<LabelOptions>;
}

const flag = z.boolean().default(false);
const schema = z.strictObject({
  inlines: z.boolean().default(true),
  label: z.strictObject({ module: flag, offset: flag, kernel: flag, address: flag }).prefault({}),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveLookupOptions(options: LookupOptions): ResolvedLookupOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new SymbolsError('INVALID_OPTIONS', `lookup options: ${z.prettifyError(result.error)}`);
  return result.data;
}
