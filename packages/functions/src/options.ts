import * as z from '#zod';
import { FunctionsError } from './errors.ts';

/** Which functions are listed; every option may be left out. */
export interface FunctionOptions {
  /** By what rows are sorted, the largest first. @defaultValue 'self' */
  readonly sort?: 'self' | 'total';
  /** Rows, and callers and callees of each; 0 for all. @defaultValue 0 */
  readonly limit?: number;
  /** Names that are counted separately; later ones are counted together. @defaultValue 100000 */
  readonly maxNames?: number;
  /** Lists only functions with a name that matches, with their callers and callees. @defaultValue all functions, alone */
  readonly names?: RegExp;
}

/** The options with every default filled in. */
export type ResolvedFunctionOptions = Required<Omit<FunctionOptions, 'names'>> & {
  readonly names?: RegExp | undefined;
};

const schema = z.strictObject({
  sort: z.enum(['self', 'total']).default('self'),
  limit: z.int().min(0).default(0),
  maxNames: z.int().min(1).max(1e7).default(100_000),
  names: z.instanceof(RegExp).optional(),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: FunctionOptions): ResolvedFunctionOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new FunctionsError('INVALID_OPTIONS', `function options: ${z.prettifyError(result.error)}`);
}
