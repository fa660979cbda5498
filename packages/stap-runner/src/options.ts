import * as z from '#zod';
import { RunnerError } from './errors.ts';

/** Options for where and how stap runs. */
export interface RunnerOptions {
  /**
   * The stap arguments that precede the script, unquoted, such as those generated together with a script. In a file
   * name that is not valid UTF-8, the lone surrogate U+DC80 + n stands for the byte 0x80 + n. @defaultValue none
   */
  readonly stapArguments?: readonly string[];
  /** The host to run stap on over ssh: `HOST` or `USER@HOST`. @defaultValue this machine */
  readonly host?: string;
  /**
   * Compile on this machine, for this kernel release, and run on `host`, which then needs only systemtap-runtime.
   * @defaultValue stap compiles where it runs
   */
  readonly compileFor?: string;
  /** Where stap looks for debug information (`SYSTEMTAP_DEBUGINFO_PATH`). @defaultValue stap's own default */
  readonly debuginfoPath?: string;
  /** Run stap with `sudo -n`. @defaultValue true with `host` */
  readonly sudo?: boolean;
  /** Arguments for ssh, such as `-p 2222`. @defaultValue none */
  readonly sshArguments?: readonly string[];
  /**
   * Seconds without data after which ssh checks the connection. ssh gives up after three checks without an answer.
   * @defaultValue 5
   */
  readonly keepAlive?: number;
  /** The program to run as stap. @defaultValue 'stap' */
  readonly stap?: string;
  /** The program to run as ssh. @defaultValue 'ssh' */
  readonly ssh?: string;
}

/** The options with all defaults filled in. */
export interface ResolvedRunnerOptions {
  readonly stapArguments: readonly string[];
  readonly host: string | undefined;
  readonly compileFor: string | undefined;
  readonly debuginfoPath: string | undefined;
  readonly sudo: boolean;
  readonly sshArguments: readonly string[];
  readonly keepAlive: number;
  readonly stap: string;
  readonly ssh: string;
}

/** Matches a name, an address or an alias from ssh's configuration, but nothing that ssh would parse as an option. */
const HOST = /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9_:[][A-Za-z0-9_.:%[\]-]{0,254}$/;
const text = z
  .string({ error: 'expected text without NUL' })
  .check(z.regex(/^[^\0]*$/, { error: 'expected text without NUL' }));
const host = 'expected HOST or USER@HOST of letters, digits and . _ - :';
const release = "expected the host's kernel release, as `uname -r` prints it";

const schema = z.strictObject({
  stapArguments: z._default(z.array(text), []),
  host: z.optional(z.string({ error: host }).check(z.regex(HOST, { error: host }))),
  compileFor: z.optional(
    z.string({ error: release }).check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/, { error: release })),
  ),
  debuginfoPath: z.optional(text),
  sudo: z.optional(z.boolean({ error: 'expected true or false' })),
  sshArguments: z._default(z.array(text), []),
  keepAlive: z._default(z.int({ error: 'expected whole seconds' }).check(z.minimum(1), z.maximum(3600)), 5),
  stap: z._default(text, 'stap'),
  ssh: z._default(text, 'ssh'),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS`. */
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
      'compileFor: this has no effect without a host; add host, or leave out compileFor',
    );
  return {
    ...data,
    host: data.host,
    compileFor: data.compileFor,
    debuginfoPath: data.debuginfoPath,
    sudo: data.sudo ?? data.host !== undefined,
  };
}
