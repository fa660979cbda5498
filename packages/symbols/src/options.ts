import * as z from '#zod';
import { SymbolsError } from './errors.ts';

/**
 * How much of a name to show:
 *
 *     full      std::vector<int, std::allocator<int> >::push_back(int&&)
 *     names     std::vector::push_back
 *     mangled   _ZNSt6vectorIiSaIiEE9push_backEOi
 */
export type NameStyle = 'full' | 'names' | 'mangled';

/** The demangler's options. All are optional. */
export interface DemanglerOptions {
  /** How much of a C++ or Rust name to show. @defaultValue 'full' */
  readonly style?: NameStyle;
  /**
   * Give the copies of a function that a compiler created (`.isra.0`, `.constprop.0`, `.part.1`, `.cold`, `.llvm.123`)
   * the name of the function, so that they are merged.
   *
   * @defaultValue false
   */
  readonly mergeClones?: boolean;
}

/** The options with the defaults filled in. */
export type ResolvedDemanglerOptions = Required<DemanglerOptions>;

const schema = z.strictObject({
  style: z._default(z.enum(['full', 'names', 'mangled']), 'full'),
  mergeClones: z._default(z.boolean(), false),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: DemanglerOptions): ResolvedDemanglerOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new SymbolsError('INVALID_OPTIONS', `demangler options: ${z.prettifyError(result.error)}`);
  return result.data;
}
