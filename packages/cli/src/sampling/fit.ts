import { createInterface } from 'node:readline/promises';
import { sh, type Command, type Finding } from '@stapflame/stap-doctor';
import { inspectFit, makeFit, notRun, type Fit } from '@stapflame/stap-runner';
import type { RecordFlags } from '../commands/record-options.ts';
import { standardError } from '../io/standard-error.ts';
import type { Countdown } from './countdown.ts';
import type { Closed, Place } from './place.ts';

/**
 * Checks that SystemTap supports the machine's kernel. If it does not, and the user agrees, the returned `Place` uses a
 * patched copy of SystemTap's runtime. Otherwise a `Closed` is returned, because the script would not compile, would
 * not load, or would miss some stacks.
 */
export async function fitted(
  place: Place | Closed,
  { fit: wanted, quiet }: RecordFlags,
  countdown: Countdown,
): Promise<Place | Closed> {
  // Users who name a runtime (-R) know that it fits.
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
    return closed(
      host,
      `${doesNotFit(fit)}; a patched copy cannot be used: ${refused ?? 'it could not be made'}`,
    );
  countdown.say(`stap uses a patched copy of its runtime; to remove the copy: rm -r ${runtime}`);
  return { ...place, script: { ...script, stapArguments: [...(script.stapArguments ?? []), '-R', runtime] } };
}

/** Shows the changes and asks the user to agree, if this process runs on a terminal. */
async function agreed(fit: Fit, show: () => void): Promise<boolean> {
  if (!process.stdin.isTTY || !standardError().isTTY) return false;
  show();
  const terminal = createInterface({ input: process.stdin, output: standardError() });
  const answer = await terminal.question(
    `${doesNotFit(fit)}. Use a private copy of its runtime with these changes? [y/N] `,
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function doesNotFit({ misfits }: Fit): string {
  return `SystemTap does not work with this kernel: ${misfits.map(({ effect }) => effect).join('; ')}`;
}

function refusal(fit: Fit): string {
  const strange = fit.misfits.filter(({ curable }) => !curable).map(({ code }) => code);
  const cure =
    strange.length > 0
      ? `its source code differs from the versions that stapflame can patch (${strange.join(', ')}); install a newer SystemTap`
      : 'add --fit to sample with a patched copy of its runtime; stapflame doctor shows the changes';
  return `${doesNotFit(fit)}; ${cure}`;
}

function closed(host: string | undefined, why: string): Closed {
  return { host, exit: notRun('compile'), why };
}

/**
 * The directories for patched copies. Root's directory is also used on hosts, where stap runs with sudo. The other one
 * is for users who run stap themselves.
 */
export const COPIES: Readonly<Record<'root' | 'user', Command>> = {
  root: sh`/var/cache/stapflame`,
  user: sh`${{ verbatim: '~/.cache/stapflame' }}`,
};

/**
 * Returns the doctor's findings about incompatibilities, with the lines that would change and the command that applies
 * the changes.
 *
 * @param copies the copies' directory, one of {@link COPIES}
 */
export function fitFindings(fit: Fit, copies: Command): readonly Finding[] {
  return fit.misfits.map(({ code, effect, source, curable }) => ({
    code: `misfit-${code}`,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: `SystemTap does not work with this kernel: ${effect}.`,
    cause: curable
      ? `Some lines of its runtime are too old for the kernel. Source of the fix: ${source}.`
      : 'Its runtime is too old for the kernel, and its source code differs from the versions that stapflame can patch.',
    fixes: curable
      ? [
          {
            commands: [sh`stapflame record --fit -p ${{ verbatim: '"$PID"' }} -t 30 -o trace.bt`],
            effect: `Uses a private copy of the runtime with these changes, and leaves the installed runtime unchanged:\n${fit.diff}`,
            undo: [sh`rm -r -- ${{ verbatim: copies }}`],
          },
        ]
      : [{ commands: [], effect: 'Install a newer SystemTap, or build it from source.' }],
    values: {},
    links: ['man error::pass4'],
  }));
}
