import * as z from '#zod';
import { CallTreeError } from './errors.ts';

/** Which part of the tree is shown. All options are optional. */
export interface CallTreeOptions {
  /** Smallest share of the whole that is shown, at least 0.0001. @defaultValue 0.005 */
  readonly minShare?: number;
  /** Number of levels that are shown, at most 1000. @defaultValue 1000 */
  readonly maxDepth?: number;
}

const schema = z.strictObject({
  minShare: z.number().min(0.0001).max(1).default(0.005),
  maxDepth: z.int().min(1).max(1000).default(1000),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: CallTreeOptions): Required<CallTreeOptions> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new CallTreeError('INVALID_OPTIONS', `tree options: ${z.prettifyError(result.error)}`);
}
