import * as z from '#zod';
import { DiffError } from './errors.ts';

/** Options of a comparison. All are optional. */
export interface CompareOptions {
  /**
   * The chance that anything is called significant although nothing differs: the level of all tests together.
   * @defaultValue 0.05
   */
  readonly significance?: number;
  /**
   * How long each side was sampled, in the same unit (milliseconds, samples of one CPU): weights are then compared per
   * unit of time. Without exposures, shares of each side's total are compared.
   */
  readonly exposures?: readonly [before: number, after: number];
}

/** The options with every default filled in. */
export interface ResolvedCompareOptions {
  readonly significance: number;
  readonly exposures: readonly [number, number] | undefined;
}

/** The level of all tests together unless the options say otherwise. */
export const DEFAULT_SIGNIFICANCE = 0.05;

const positive = z.number().check(z.positive());
const schema = z.strictObject({
  significance: z._default(z.number().check(z.gt(0), z.lt(1)), DEFAULT_SIGNIFICANCE),
  exposures: z.optional(z.tuple([positive, positive])),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: CompareOptions): ResolvedCompareOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new DiffError('INVALID_OPTIONS', `diff options: ${z.prettifyError(result.error)}`);
  const { significance, exposures } = result.data;
  return { significance, exposures };
}
