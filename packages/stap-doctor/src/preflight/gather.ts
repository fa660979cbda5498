import * as z from '#zod';
import { DoctorError } from '../errors.ts';
import type { Facts } from './facts.ts';
import { probeScript, type ProbeRequest } from './probe.ts';
import { readFacts } from './read-facts.ts';
import { runProbe } from './run-probe.ts';
import { textOfBytes } from '../text-of-bytes.ts';

/** What to examine, on which machine, and how to reach it. */
export interface GatherOptions extends ProbeRequest {
  /** The machine to examine over ssh: `HOST` or `USER@HOST`. @defaultValue this machine */
  readonly host?: string;
  /** Arguments to pass to ssh before the host, such as `-p 2222`. @defaultValue none */
  readonly sshArguments?: readonly string[];
  /** Milliseconds after which to give up on the probe. @defaultValue 120000 */
  readonly timeout?: number;
}

/**
 * Matches a host name, an address or an alias from ssh's configuration, but nothing that ssh would take for an option.
 */
const HOST = /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9_:[][A-Za-z0-9_.:%[\]-]{0,254}$/;
const host = 'expected HOST or USER@HOST of letters, digits and . _ - :';
const text = z.string().check(z.regex(/^[^\0]*$/, { error: 'expected text without NUL' }));
const schema = z.strictObject({
  pid: z.optional(z.int({ error: 'expected a process number' }).check(z.minimum(1), z.maximum(4_194_304))),
  files: z._default(z.array(text), []),
  host: z.optional(z.string({ error: host }).check(z.regex(HOST, { error: host }))),
  sshArguments: z._default(z.array(text), []),
  timeout: z._default(z.int().check(z.minimum(1)), 120_000),
});

/**
 * Runs the probe on this machine or over ssh. The probe changes nothing. Throws `INVALID_OPTIONS`, `PROGRAM_MISSING`,
 * `LOGIN_REFUSED`, `PROBE_FAILED` and `PROBE_INCOMPLETE`.
 */
export async function gatherFacts(options: GatherOptions = {}): Promise<Facts> {
  const resolved = schema.safeParse(options);
  if (!resolved.success) {
    const { path, message } = resolved.error.issues[0]!;
    throw new DoctorError('INVALID_OPTIONS', `${path.join('.')}: ${message}; change it or leave it out`);
  }
  const { pid, files, host, sshArguments, timeout } = resolved.data;
  // ssh gets no terminal and asks no questions; `--` keeps it from taking a host for an option
  const ssh = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', ...sshArguments, '--'];
  const { stdout, stderr, failure } = await runProbe(
    host === undefined ? ['sh', '-s'] : ['ssh', ...ssh, host, 'sh', '-s'],
    probeScript({ ...(pid !== undefined && { pid }), files }),
    timeout,
  );
  if (failure === undefined) return readFacts(textOfBytes(stdout).replace(/\n$/, ''));
  const refused = /Permission denied|Host key verification failed|Too many authentication/.test(stderr);
  throw new DoctorError(refused ? 'LOGIN_REFUSED' : 'PROBE_FAILED', `${host ?? 'sh'}: ${failure}`);
}
