import { execa } from 'execa';
import * as z from '#zod';
import { DoctorError } from '../errors.ts';
import type { Facts } from './facts.ts';
import { probeScript, type ProbeRequest } from './probe.ts';
import { readFacts } from './read-facts.ts';
import { textOfBytes } from '../text-of-bytes.ts';

/** The machine to examine, and how to reach it. */
export interface GatherOptions extends ProbeRequest {
  /** Look at the far end of ssh: `HOST` or `USER@HOST`. @defaultValue this machine */
  readonly host?: string;
  /** Arguments for ssh before the host, such as `-p 2222`. @defaultValue none */
  readonly sshArguments?: readonly string[];
  /** Milliseconds after which the probe is abandoned. @defaultValue 120000 */
  readonly timeout?: number;
}

/** A name, an address or an alias from ssh's configuration; never something that ssh takes for an option. */
const HOST = /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9_:[][A-Za-z0-9_.:%[\]-]{0,254}$/;
/** A section table is about 3 KiB, so there is room for 20,000 libraries. No process has that many. */
const MAX_OUTPUT_BYTES = 1 << 26;

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
 * Runs the probe here or over ssh; it changes nothing. Throws `INVALID_OPTIONS`, `PROGRAM_MISSING`,
 * `LOGIN_REFUSED`, `PROBE_FAILED` and `PROBE_INCOMPLETE`.
 */
export async function gatherFacts(options: GatherOptions = {}): Promise<Facts> {
  const resolved = schema.safeParse(options);
  if (!resolved.success) {
    const { path, message } = resolved.error.issues[0]!;
    throw new DoctorError('INVALID_OPTIONS', `${path.join('.')}: ${message}; change it or leave it out`);
  }
  const { pid, files, host, sshArguments, timeout } = resolved.data;
  const shell = ['sh', '-s'];
  // no terminal, no questions; `--` so that a host is never taken for an option
  const [program, ...args] =
    host === undefined
      ? shell
      : [
          'ssh',
          '-T',
          '-o',
          'BatchMode=yes',
          '-o',
          'ConnectTimeout=15',
          ...sshArguments,
          '--',
          host,
          ...shell,
        ];
  const {
    stdout,
    stderr: said,
    failed,
    code,
    exitCode,
    timedOut,
  } = await execa(program!, args, {
    input: probeScript({ ...(pid !== undefined && { pid }), files }),
    maxBuffer: MAX_OUTPUT_BYTES,
    encoding: 'buffer',
    timeout,
    reject: false,
  });
  if (!failed) return readFacts(textOfBytes(stdout).replace(/\n$/, ''));
  const stderr = textOfBytes(said);
  if (code === 'ENOENT') throw new DoctorError('PROGRAM_MISSING', `there is no ${program} in PATH`);
  const last = stderr.trim().split('\n').at(-1);
  const reason = timedOut ? `no end after ${timeout} ms` : last || `exit code ${exitCode}`;
  const refused = /Permission denied|Host key verification failed|Too many authentication/.test(stderr);
  throw new DoctorError(refused ? 'LOGIN_REFUSED' : 'PROBE_FAILED', `${host ?? program!}: ${reason}`);
}
