import * as z from '#zod';
import { FunctionsError } from './errors.ts';

/** The functions to list. All options are optional. */
export interface FunctionOptions {
  /** The weight that rows are sorted by, the largest first. @defaultValue 'self' */
  readonly sort?: 'self' | 'total';
  /** Number of rows, and of callers and callees in each row; 0 for all. @defaultValue 0 */
  readonly limit?: number;
  /** Number of names that are counted separately; later ones are counted together. @defaultValue 100000 */
  readonly maxNames?: number;
  /**
   * List only functions whose name matches, with their callers and callees. @defaultValue all functions,
   * without callers and callees
   */
  readonly names?: RegExp;
}

/** The options with every default filled in. */
export type ResolvedFunctionOptions = Required<Omit<FunctionOptions, 'names'>> & {
  readonly names?: RegExp | undefined;
};

const schema = z.strictObject({
  sort: z._default(z.enum(['self', 'total']), 'self'),
  limit: z._default(z.int().check(z.minimum(0)), 0),
  maxNames: z._default(z.int().check(z.minimum(1), z.maximum(1e7)), 100_000),
  names: z.optional(z.instanceof(RegExp)),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: FunctionOptions): ResolvedFunctionOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new FunctionsError('INVALID_OPTIONS', `function options: ${z.prettifyError(result.error)}`);
}
