import * as z from '#zod';
import { DiffError } from './errors.ts';

/** Options for a comparison. */
export interface CompareOptions {
  /**
   * Significance level for all tests together: the probability that any difference is reported as significant when
   * there is none. @defaultValue 0.05
   */
  readonly significance?: number;
  /**
   * How long each side was sampled, in the same unit for both sides. If given, weights are compared per unit of time.
   * @defaultValue shares of each side's total are compared
   */
  readonly exposures?: readonly [before: number, after: number];
}

/** The options with every default filled in. */
export interface ResolvedCompareOptions {
  readonly significance: number;
  readonly exposures: readonly [number, number] | undefined;
}

/** Default significance level for all tests together. */
export const DEFAULT_SIGNIFICANCE = 0.05;

const positive = z.number().check(z.positive());
const schema = z.strictObject({
  significance: z._default(z.number().check(z.gt(0), z.lt(1)), DEFAULT_SIGNIFICANCE),
  exposures: z.optional(z.tuple([positive, positive])),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: CompareOptions): ResolvedCompareOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new DiffError('INVALID_OPTIONS', `diff options: ${z.prettifyError(result.error)}`);
  const { significance, exposures } = result.data;
  return { significance, exposures };
}
