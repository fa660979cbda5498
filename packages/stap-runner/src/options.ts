import * as z from '#zod';
import { RunnerError } from './errors.ts';

/** Where and how stap runs. */
export interface RunnerOptions {
  /**
   * Arguments for stap before the script, unquoted, such as those that come with a generated script. A byte 0x80 +
   * n of a file name that is not UTF-8 is the lone surrogate U+DC80 + n. @defaultValue none
   */
  readonly stapArguments?: readonly string[];
  /** Run at the far end of ssh: `HOST` or `USER@HOST`. @defaultValue this machine */
  readonly host?: string;
  /**
   * Compile here for this kernel release, and run on the host, which only needs systemtap-runtime. Needs `host`.
   * @defaultValue stap does both where it runs
   */
  readonly compileFor?: string;
  /** Use `sudo -n` where stap runs. @defaultValue true with `host` */
  readonly sudo?: boolean;
  /** Arguments for ssh before the host, such as `-p 2222`. @defaultValue none */
  readonly sshArguments?: readonly string[];
  /**
   * After this many seconds of silence, ssh checks the link; it gives up after three checks without an answer.
   * @defaultValue 5
   */
  readonly keepAlive?: number;
  /** The program to run as stap. @defaultValue 'stap' */
  readonly stap?: string;
  /** The program to run as ssh. @defaultValue 'ssh' */
  readonly ssh?: string;
}

/** The options with every default filled in. */
export interface ResolvedRunnerOptions {
  readonly stapArguments: readonly string[];
  readonly host: string | undefined;
  readonly compileFor: string | undefined;
  readonly sudo: boolean;
  readonly sshArguments: readonly string[];
  readonly keepAlive: number;
  readonly stap: string;
  readonly ssh: string;
}

/** A name, an address or an alias from ssh's configuration; never something that ssh takes for an option. */
const HOST = /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9_:[][A-Za-z0-9_.:%[\]-]{0,254}$/;
const text = z
  .string({ error: 'expected text without NUL' })
  .check(z.regex(/^[^\0]*$/, { error: 'expected text without NUL' }));
const host = 'expected HOST or USER@HOST of letters, digits and . _ - :';
const release = 'expected the kernel release of the far end, as its `uname -r` prints';

const schema = z.strictObject({
  stapArguments: z._default(z.array(text), []),
  host: z.optional(z.string({ error: host }).check(z.regex(HOST, { error: host }))),
  compileFor: z.optional(
    z.string({ error: release }).check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/, { error: release })),
  ),
  sudo: z.optional(z.boolean({ error: 'expected true or false' })),
  sshArguments: z._default(z.array(text), []),
  keepAlive: z._default(z.int({ error: 'expected whole seconds' }).check(z.minimum(1), z.maximum(3600)), 5),
  stap: z._default(text, 'stap'),
  ssh: z._default(text, 'ssh'),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: RunnerOptions): ResolvedRunnerOptions {
  const result = schema.safeParse(options);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new RunnerError(
      'INVALID_OPTIONS',
      `${path.join('.') || 'options'}: ${message}; change it or leave it out`,
    );
  }
  const { data } = result;
  if (data.compileFor !== undefined && data.host === undefined)
    throw new RunnerError(
      'INVALID_OPTIONS',
      'compileFor: only a far end needs it; add host, or leave it out',
    );
  return {
    ...data,
    host: data.host,
    compileFor: data.compileFor,
    sudo: data.sudo ?? data.host !== undefined,
  };
}
