import { z } from 'zod';
import { ScriptError } from './errors.ts';

/** What to sample on the CPUs. */
export interface ScriptOptions {
  /** The process to sample. */
  readonly pid: number;
  /** For how long, in seconds. */
  readonly seconds: number;
  /** User stacks. @defaultValue true where `kernel` is not asked for either, or true with it */
  readonly user?: boolean;
  /** Kernel stacks. @defaultValue true where `user` is not asked for either */
  readonly kernel?: boolean;
  /**
   * Count in the kernel and print only the stacks with most samples: so many of them. Without it each
   * sample is printed as it happens. @defaultValue none
   */
  readonly limit?: number;
  /** Samples a second on each CPU. @defaultValue 99 */
  readonly frequency?: number;
  /** Most frames of a user or kernel stack. @defaultValue 128 */
  readonly maxBacktrace?: number;
}

/** The options with every default filled in. */
export interface ResolvedScriptOptions {
  readonly pid: number;
  readonly seconds: number;
  readonly user: boolean;
  readonly kernel: boolean;
  readonly limit: number | undefined;
  readonly frequency: number;
  readonly maxBacktrace: number;
}

const schema = z.strictObject({
  pid: z.int().min(1).max(4_194_304),
  seconds: z
    .int()
    .min(1)
    .max(86_400 * 7),
  user: z.boolean().optional(),
  kernel: z.boolean().optional(),
  limit: z.int().min(1).max(1_000_000).optional(),
  frequency: z.int().min(1).max(10_000).default(99),
  maxBacktrace: z.int().min(1).max(1024).default(128),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: ScriptOptions): ResolvedScriptOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new ScriptError('INVALID_OPTIONS', `sampling options: ${z.prettifyError(result.error)}`);
  const { user, kernel, limit, ...rest } = result.data;
  const neither = !user && !kernel;
  return { ...rest, user: neither || user === true, kernel: neither || kernel === true, limit };
}
