import * as z from '#zod';
import type { Distribution } from './machine.ts';
import { DoctorError } from './errors.ts';

/** Facts about the run that printed the messages, and limits. */
export interface DoctorOptions {
  /** The distribution that the commands will run on. @defaultValue the distribution that the messages show */
  readonly distribution?: Distribution;
  /**
   * The distribution to assume if the messages do not show one; a finding reports the assumption. @defaultValue
   * unknown, so no package commands are suggested
   */
  readonly presumed?: Distribution;
  /** The kernel release. @defaultValue the commands use `uname -r` */
  readonly kernel?: string;
  /** Whether root will run the commands; if so, they need no sudo. @defaultValue false */
  readonly root?: boolean;
  /** The stacks that were requested. @defaultValue the stacks that the messages show */
  readonly stacks?: 'user' | 'kernel' | 'both';
  /** Maximum length of a line, in bytes. Longer lines are skipped, and their bytes are counted. @defaultValue 65536 */
  readonly maxLine?: number;
  /** Maximum number of findings to keep. Further messages are only counted. @defaultValue 200 */
  readonly maxFindings?: number;
}

/** The options, with defaults filled in. */
export interface ResolvedDoctorOptions extends DoctorOptions {
  readonly maxLine: number;
  readonly maxFindings: number;
}

const whole = 'expected a whole number of at least 1';
const fromOne = z.int({ error: whole }).check(z.minimum(1, { error: whole }));
const IDS = ['debian', 'ubuntu', 'fedora', 'rhel', 'centos', 'suse', 'arch', 'alpine', 'unknown'] as const;
const distribution = z.strictObject({
  id: z.enum(IDS, { error: `expected one of ${IDS.join(', ')}` }),
  version: z.optional(z.string()),
  codename: z.optional(z.string()),
});
const schema = z.strictObject({
  distribution: z.optional(distribution),
  presumed: z.optional(distribution),
  kernel: z.optional(z.string({ error: 'expected a kernel release' })),
  root: z.optional(z.boolean({ error: 'expected true or false' })),
  stacks: z.optional(z.enum(['user', 'kernel', 'both'], { error: 'expected user, kernel or both' })),
  maxLine: z._default(fromOne, 65_536),
  maxFindings: z._default(fromOne, 200),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: DoctorOptions): ResolvedDoctorOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data as ResolvedDoctorOptions;
  const { path, message } = result.error.issues[0]!;
  throw new DoctorError(
    'INVALID_OPTIONS',
    `${path.join('.') || 'options'}: ${message}; change it or leave it out`,
  );
}
