import * as z from '#zod';
import { FunctionsError } from './errors.ts';

/** Options that select which functions are listed. */
export interface FunctionOptions {
  /** The weight that rows are sorted by, largest first. @defaultValue 'self' */
  readonly sort?: 'self' | 'total';
  /** Maximum number of rows, and of callers and of callees listed in each row. 0 means no limit. @defaultValue 0 */
  readonly limit?: number;
  /** Maximum number of names that are counted separately. Any others are counted together. @defaultValue 100000 */
  readonly maxNames?: number;
  /**
   * List only functions whose name matches, with their callers and callees. @defaultValue all functions,
   * without callers and callees
   */
  readonly names?: RegExp;
}

/** The options with all defaults filled in. */
export type ResolvedFunctionOptions = Required<Omit<FunctionOptions, 'names'>> & {
  readonly names?: RegExp | undefined;
};

const schema = z.strictObject({
  sort: z._default(z.enum(['self', 'total']), 'self'),
  limit: z._default(z.int().check(z.minimum(0)), 0),
  maxNames: z._default(z.int().check(z.minimum(1), z.maximum(1e7)), 100_000),
  names: z.optional(z.instanceof(RegExp)),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: FunctionOptions): ResolvedFunctionOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new FunctionsError('INVALID_OPTIONS', `function options: ${z.prettifyError(result.error)}`);
}
