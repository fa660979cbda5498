import * as z from '#zod';
import { CallTreeError } from './errors.ts';

/** Options that limit which frames are shown. */
export interface CallTreeOptions {
  /** Leave out frames with less than this share of the weight of all stacks. At least 0.0001. @defaultValue 0.005 */
  readonly minShare?: number;
  /** Leave out frames deeper than this. At most 1000. @defaultValue 1000 */
  readonly maxDepth?: number;
}

const schema = z.strictObject({
  minShare: z._default(z.number().check(z.minimum(0.0001), z.maximum(1)), 0.005),
  maxDepth: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 1000),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: CallTreeOptions): Required<CallTreeOptions> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new CallTreeError('INVALID_OPTIONS', `tree options: ${z.prettifyError(result.error)}`);
}
