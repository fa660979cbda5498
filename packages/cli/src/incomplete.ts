import { LOSSES, type Losses } from '@stapflame/stacks';
import type { Summary } from './summary.ts';

/** The name of each kind of loss, in the singular and the plural. */
const LOST: Readonly<Record<keyof Losses, readonly [string, string]>> = {
  damaged: ['damaged record', 'damaged records'],
  truncated: ['truncated input', 'truncated inputs'],
  lost: ['lost sample', 'lost samples'],
  cut: ['stack cut at its root', 'stacks cut at their roots'],
  errors: ['sampler error', 'sampler errors'],
};

type Reasons = Pick<Summary, 'trace' | 'facts' | 'brokenOff' | 'ignoredLines'>;

/**
 * Returns a line that says why a command exits with 75, or `undefined` if nothing is missing. The line is shown even
 * with `-q`.
 */
export function whyIncomplete({ complete, before, after, ...summary }: Summary): string | undefined {
  if (complete) return undefined;
  const sides = Object.entries({ before, after }).flatMap(([side, each]) =>
    each && !each.complete ? reasonsOf(each).map((reason) => `${reason} (${side})`) : [],
  );
  const reasons = [
    ...(summary.brokenOff === undefined ? [] : ['the input ended early']),
    ...(before && after ? sides : reasonsOf(summary)),
  ];
  return `incomplete: ${reasons.join(', ')}`;
}

function reasonsOf({ trace, facts, brokenOff, ignoredLines }: Reasons): readonly string[] {
  return [
    ...(trace === undefined
      ? LOSSES.filter((kind) => brokenOff === undefined || kind !== 'truncated').flatMap((kind) =>
          counted(facts.losses?.[kind] ?? 0, ...LOST[kind]),
        )
      : [
          ...counted(trace.damaged, 'damaged record', 'damaged records'),
          ...counted(trace.truncated, 'record cut off at the end', 'records cut off'),
          ...counted(trace.lost, 'lost sample', 'lost samples'),
          ...counted(trace.errors, 'script error', 'script errors'),
          ...(trace.trailerMissing
            ? ['the trailer is missing, so the end of the trace may be missing, too']
            : []),
        ]),
    ...counted(ignoredLines ?? 0, 'line that is not a stack', 'lines that are not stacks'),
  ];
}

function counted(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
