import { createInterface } from 'node:readline/promises';
import { sh, type Command, type Finding } from '@stapflame/stap-doctor';
import { inspectFit, makeFit, notRun, type Fit } from '@stapflame/stap-runner';
import type { RecordFlags } from '../commands/record-options.ts';
import { standardError } from '../io/standard-error.ts';
import type { Countdown } from './countdown.ts';
import type { Closed, Place } from './place.ts';

/**
 * The place with a SystemTap that fits its kernel: the installed one, or one with a patched copy of its runtime if the
 * user asks for that. The place is closed if SystemTap does not fit: the script would not compile, not load, or not
 * show everything.
 */
export async function fitted(
  place: Place | Closed,
  { fit: wanted, quiet }: RecordFlags,
  countdown: Countdown,
): Promise<Place | Closed> {
  // users who name a runtime know that it fits
  if ('exit' in place || place.script.stapArguments?.some((word) => word.startsWith('-R'))) return place;
  const { host, runner, script } = place;
  const fit = await inspectFit(runner);
  if (fit.misfits.length === 0) return place;
  const curable = fit.misfits.every((misfit) => misfit.curable);
  const show = (): void => {
    for (const line of fit.diff.split('\n').filter(Boolean)) countdown.say(line);
  };
  if (!curable || !(wanted === true || (quiet !== true && (await agreed(fit, show)))))
    return closed(host, refusal(fit));
  if (wanted === true) show();
  const { runtime, refused } = await makeFit(runner);
  if (runtime === undefined)
    return closed(host, `${doesNotFit(fit)}; no patched copy is used: ${refused ?? 'it could not be made'}`);
  countdown.say(`stap uses a patched copy of its runtime; to remove it: rm -r ${runtime}`);
  return { ...place, script: { ...script, stapArguments: [...(script.stapArguments ?? []), '-R', runtime] } };
}

/** Asks on a terminal, after showing the changes. */
async function agreed(fit: Fit, show: () => void): Promise<boolean> {
  if (!process.stdin.isTTY || !standardError().isTTY) return false;
  show();
  const terminal = createInterface({ input: process.stdin, output: standardError() });
  const answer = await terminal.question(
    `${doesNotFit(fit)}. Use a private copy of its runtime with these lines? [y/N] `,
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function doesNotFit({ misfits }: Fit): string {
  return `SystemTap does not fit this kernel: ${misfits.map(({ effect }) => effect).join('; ')}`;
}

function refusal(fit: Fit): string {
  const strange = fit.misfits.filter(({ curable }) => !curable).map(({ code }) => code);
  const cure =
    strange.length > 0
      ? `its source differs from the one that stapflame knows (${strange.join(', ')}): install a newer SystemTap`
      : 'add --fit to sample with a patched copy of its runtime; stapflame doctor shows the changes';
  return `${doesNotFit(fit)}; ${cure}`;
}

function closed(host: string | undefined, messages: string): Closed {
  return { host, exit: notRun('compile', `${messages}\n`) };
}

/**
 * The directories for patched copies: one for root, which sudo on a host uses, and one for users who run stap
 * themselves.
 */
export const COPIES: Readonly<Record<'root' | 'user', Command>> = {
  root: sh`/var/cache/stapflame`,
  user: sh`${{ verbatim: '~/.cache/stapflame' }}`,
};

/**
 * The doctor's findings about misfits: the lines that would change, and the command that uses them.
 *
 * @param copies the copies' directory, one of {@link COPIES}
 */
export function fitFindings(fit: Fit, copies: Command): readonly Finding[] {
  return fit.misfits.map(({ code, effect, source, curable }) => ({
    code: `misfit-${code}`,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: `SystemTap does not fit this kernel: ${effect}.`,
    cause: curable
      ? `Lines of its runtime are older than the kernel. Where the fix comes from: ${source}.`
      : 'Its runtime is older than the kernel, and its source differs from the one that stapflame knows.',
    fixes: curable
      ? [
          {
            commands: [sh`stapflame record --fit -p ${{ verbatim: '"$PID"' }} -t 30 -o trace.bt`],
            effect: `Uses a private copy of the runtime with these lines, and leaves the installed one unchanged:\n${fit.diff}`,
            undo: [sh`rm -r -- ${{ verbatim: copies }}`],
          },
        ]
      : [{ commands: [], effect: 'Install a newer SystemTap, or build it from source.' }],
    values: {},
    links: ['man error::pass4'],
  }));
}
