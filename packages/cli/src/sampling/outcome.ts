import type { ExitReason } from '@stapflame/stap-runner';
import { CliError, Exit, type ExitCode } from '../exit.ts';
import { reasonIn } from './advice.ts';
import type { End } from './sampling.ts';

const CODES: Readonly<Record<Exclude<ExitReason, 'ended'>, ExitCode>> = {
  missing: Exit.MISSING,
  files: Exit.CONFIGURATION,
  permission: Exit.PERMISSION,
  link: Exit.INCOMPLETE,
  compile: Exit.CONFIGURATION,
  stopped: Exit.INCOMPLETE,
  signal: Exit.INCOMPLETE,
  failed: Exit.INCOMPLETE,
};

/** A problem that occurred on one machine. */
interface Problem {
  readonly code: ExitCode;
  readonly text: string;
}

/**
 * Returns the error to report once the trace is delivered. A trace without samples is an error. If only some hosts
 * failed, the data from the others counts as incomplete.
 */
export function problemOf(ends: readonly End[]): CliError | undefined {
  return problemAmong(ends, problemIn);
}

/** Like {@link problemOf}, but also returns an error if a run lost samples although it ended normally. */
export function problemOrLossOf(ends: readonly End[]): CliError | undefined {
  return problemAmong(ends, (end) => problemIn(end) ?? lossIn(end));
}

function problemAmong(
  ends: readonly End[],
  problemOfOne: (end: End) => Problem | undefined,
): CliError | undefined {
  const failed = ends.flatMap((end) => {
    const problem = problemOfOne(end);
    return problem ? [{ ...problem, host: end.host }] : [];
  });
  const [first] = failed;
  if (!first) return undefined;
  const text = failed.map(({ host, text }) => (host === undefined ? text : `${host}: ${text}`)).join('; ');
  return new CliError(failed.length === ends.length ? first.code : Exit.INCOMPLETE, text);
}

function problemIn({ exit, trace, why }: End): Problem | undefined {
  const { reason, messages } = exit;
  if (reason !== 'ended')
    return { code: CODES[reason], text: why ?? because(reason, messages, trace.last !== '') };
  if (trace.last === '') return incomplete('stap printed nothing; check that the process exists');
  if (trace.last.endsWith('# stapflame end hits=0\n'))
    return incomplete('nothing was sampled: the target was idle, or it has ended');
  return undefined;
}

/** Returns a note about how the sampled command ended, if it failed. */
export function commandNote(end: End): readonly string[] {
  const { commandEnding } = end.exit;
  if (commandEnding === undefined || (problemIn(end) ?? lossIn(end))) return [];
  return [`the command ended with ${commandEnding}; the trace is complete`];
}

/** Returns a problem if samples were lost. In this case, stap exits with 0 and at best prints a message. */
function lossIn({ trace: { first, last, samples } }: End): Problem | undefined {
  const mode = /^# stapflame 1 mode=(\w+) /.exec(first)?.[1];
  if (mode === undefined) return undefined;
  const [, kind, hits] = /^# stapflame (end|error) hits=(\d+)$/m.exec(last) ?? [];
  if (kind === undefined)
    return incomplete(
      'the trace has no trailer, so its end is missing; the data received until then was written',
    );
  if (kind === 'error')
    return incomplete(
      "the script failed with an error (see stap's messages); the data received until then was written",
    );
  // If the kernel aggregates, one record stands for many hits.
  const lost = mode === 'stream' ? Number(hits) - samples : 0;
  if (lost > 0)
    return incomplete(
      `${lost} of ${hits} samples are missing from the trace; all other samples were written`,
    );
  return undefined;
}

function incomplete(text: string): Problem {
  return { code: Exit.INCOMPLETE, text };
}

/** Explains why stap failed, and adds the message that shows the cause, such as a message from ssh. */
function because(reason: Exclude<ExitReason, 'ended'>, messages: string, hasData: boolean): string {
  const said = reasonIn(messages);
  const text =
    reason === 'missing' && said?.includes('sudo: ') ? 'sudo is not installed' : explain(reason, hasData);
  return said === undefined ? text : `${text} (${said})`;
}

function explain(reason: Exclude<ExitReason, 'ended'>, hasData: boolean): string {
  const written = hasData ? '; the data received until then was written' : '; nothing was received';
  return {
    missing:
      'stap is not installed; install systemtap (or only systemtap-runtime on a host for which another machine compiles); stapflame doctor says how',
    files: 'the limit on open files is too low to start a program; raise it (ulimit -n)',
    permission: 'not permitted; run stapflame as root, or allow sudo without a password',
    link: `the connection was lost or could not be established${written}`,
    compile: 'stap did not compile the script for this kernel',
    stopped: `stap was stopped before it could finish${written}`,
    signal: `a signal ended stap${written}`,
    failed: 'the stap run failed',
  }[reason];
}
