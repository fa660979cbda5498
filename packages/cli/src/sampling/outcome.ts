import type { ExitReason } from '@stapflame/stap-runner';
import { CliError, Exit, type ExitCode } from '../exit.ts';
import type { End } from './sampling.ts';

const CODES: Readonly<Record<Exclude<ExitReason, 'ended'>, ExitCode>> = {
  missing: Exit.MISSING,
  permission: Exit.PERMISSION,
  link: Exit.INCOMPLETE,
  compile: Exit.CONFIGURATION,
  stopped: Exit.INCOMPLETE,
  signal: Exit.INCOMPLETE,
  failed: Exit.INCOMPLETE,
};

/**
 * What to end with when the trace has been delivered: a trace without a sample is no success. Where some of
 * several hosts failed, what came from the others counts as incomplete.
 */
export function problemOf(ends: readonly End[]): CliError | undefined {
  const failed = ends.flatMap((end) => {
    const problem = problemIn(end);
    return problem ? [{ ...problem, host: end.host }] : [];
  });
  const [first] = failed;
  if (!first) return undefined;
  const text = failed.map(({ host, text }) => (host === undefined ? text : `${host}: ${text}`)).join('; ');
  return new CliError(failed.length === ends.length ? first.code : Exit.INCOMPLETE, text);
}

function problemIn({ exit, last }: End): { code: ExitCode; text: string } | undefined {
  const { reason, messages } = exit;
  if (reason !== 'ended')
    return { code: CODES[reason], text: /^there is no process \d+/.exec(messages)?.[0] ?? explain(reason) };
  if (last === '') return { code: Exit.INCOMPLETE, text: 'stap printed nothing: is there such a process?' };
  if (last.endsWith('# stapflame end hits=0\n'))
    return { code: Exit.INCOMPLETE, text: 'nothing was sampled: the target was idle, or has ended' };
  return undefined;
}

function explain(reason: Exclude<ExitReason, 'ended'>): string {
  return {
    missing: 'there is no stap; install systemtap (or systemtap-runtime at a host that others compile for)',
    permission: 'not permitted; see its messages, and run as root or let sudo work without a password',
    link: 'the link was cut or could not be made; what came was written',
    compile: 'stap did not accept the script on this kernel; see its messages',
    stopped: 'stap was stopped before it could finish; what came was written',
    signal: 'a signal ended stap; what came was written',
    failed: 'the run of stap failed; see its messages',
  }[reason];
}
