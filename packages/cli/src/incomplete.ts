import type { Summary } from './summary.ts';

/** Why a command ends with 75, in one line: said with `-q`, too, and in `--summary`. `undefined` where nothing is missing. */
export function whyIncomplete({ complete, trace, brokenOff, ignoredLines }: Summary): string | undefined {
  if (complete) return undefined;
  const reasons = [
    ...(brokenOff === undefined ? [] : ['the input ended before its time']),
    ...(trace === undefined
      ? []
      : [
          ...counted(trace.damaged, 'damaged record', 'damaged records'),
          ...counted(trace.truncated, 'record cut off at the end', 'records cut off'),
          ...counted(trace.lost, 'lost sample', 'lost samples'),
          ...counted(trace.errors, 'error of the script', 'errors of the script'),
          ...(trace.trailerMissing ? ['the trailer is missing, and so the end of the trace'] : []),
        ]),
    ...counted(ignoredLines ?? 0, 'line that is no stack', 'lines that are no stacks'),
  ];
  // folded text can only say so of itself
  return `incomplete: ${reasons.join(', ') || 'the folded stacks say so themselves'}`;
}

function counted(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
