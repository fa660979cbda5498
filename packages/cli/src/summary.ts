import type { FolderSummary } from '@stapflame/folder';
import { isIncomplete, type Facts, type ReadSummary } from '@stapflame/stacks';
import type { ParserSummary } from '@stapflame/stap-parser';
import type { Written } from './convert.ts';
import { describeDamage } from './damage.ts';
import type { InputTold } from './inputs/input.ts';
import type { Input } from './io/inputs.ts';
import type { OutputTold } from './outputs/output.ts';
import { withOutput } from './io/with-output.ts';
import { forTerminal } from './terminal.ts';

/** What a command tells about its work: one line on stderr, and all of it in `--summary FILE`. */
export interface Summary extends InputTold, OutputTold {
  /** What was merged; absent where nothing was. */
  readonly folded?: FolderSummary;
  /** Names made to take much time did so too often: those that came later stay mangled. */
  readonly namesGivenUp?: boolean;
  /** What is known of the stacks: unit, losses, … */
  readonly facts: Facts;
  /** Inputs that ended before their time: broken off, changed while they were read, stopped by a signal. */
  readonly brokenOff?: readonly string[];
  /** Nothing was damaged, truncated or lost. */
  readonly complete: boolean;
  /** Otherwise: what is missing, in one line. */
  readonly incomplete?: string;
}

export function summaryOf(
  told: InputTold,
  inputs: readonly Pick<Input, 'brokenOff'>[],
  { facts, folded, drawn, namesGivenUp }: Written,
): Summary {
  const brokenOff = inputs.flatMap((input) => input.brokenOff ?? []);
  const parsed = told.trace ?? told.read;
  const isWhole = parsed ? parsed.complete : !isIncomplete(facts) && told.ignoredLines === undefined;
  return {
    ...told,
    ...(folded && { folded }),
    ...(drawn && { drawn }),
    ...(namesGivenUp && { namesGivenUp }),
    facts,
    ...(brokenOff.length > 0 && { brokenOff }),
    complete: isWhole && brokenOff.length === 0,
  };
}

/** `2350 samples in 9 distinct stacks; 0 damaged, 0 truncated, 0 diagnostics` */
export function summaryLine({ trace, read, folded, facts, notes: told = [] }: Summary): string {
  const parsed = trace ?? read;
  const stacks = folded
    ? counted(folded.distinct, 'distinct stack')
    : counted(parsed?.records ?? 0, 'record');
  const weight = parsed?.weight ?? folded?.weights.at(-1) ?? 0;
  const { unit = 'samples' } = facts;
  const weights = unit === 'samples' ? counted(weight, 'sample') : `${weight} ${unit}`;
  const parts = [`${weights} in ${stacks}`];
  if (parsed) parts.push(`${parsed.damaged} damaged, ${parsed.truncated} truncated`);
  const extra = [
    ...(trace ? [counted(trace.diagnosticCount, 'diagnostic'), ...notes(trace)] : []),
    ...(read ? lossesOf(read) : []),
    ...told,
  ];
  return [parts.join('; '), ...extra].join(', ');
}

function* lossesOf({ lost, errors, ignoredLines }: ReadSummary): Generator<string> {
  if (lost > 0) yield `${lost} lost`;
  if (errors > 0) yield counted(errors, 'error');
  if (ignoredLines > 0) yield `${counted(ignoredLines, 'line')} ignored`;
}

function* notes(trace: ParserSummary): Generator<string> {
  if (trace.lost > 0) yield `${trace.lost} lost`;
  if (trace.beyondLimit > 0) yield shownShare(trace);
  if (trace.cut > 0) yield `${counted(trace.cut, 'stack')} cut at the sampler's depth limit`;
  if (trace.trailerMissing) yield 'no trailer: the trace is incomplete';
  if (trace.ignoredLines > 0) yield `${counted(trace.ignoredLines, 'line')} ignored`;
}

function shownShare({ weight, beyondLimit }: ParserSummary): string {
  const all = weight + beyondLimit;
  return `${((100 * weight) / all).toFixed(1)} % of ${all} shown: the other stacks are beyond the limit (-l)`;
}

/** What is wrong with the input, with the offsets of the first places. */
export function* complaints({ trace, read, brokenOff, facts, drawn, ...told }: Summary): Generator<string> {
  yield* brokenOff ?? [];
  if (drawn && drawn.levelsCut > 0)
    yield `the deepest stack has ${counted(drawn.levelsCut, 'level')} more than are drawn (--max-depth)`;
  if (told.ignoredLines !== undefined)
    yield `${counted(told.ignoredLines, 'line')} of the input are not stacks (root;…;leaf COUNT), the first is line ${told.firstIgnoredLine}; they are not in the output`;
  if (told.namesGivenUp === true)
    yield 'too many names were made to take much time: those that came later stay mangled';
  if (facts.inexact === true)
    yield `a sum is over ${Number.MAX_SAFE_INTEGER}, the largest exact one: it is rounded`;
  const { damaged, damage } = trace ?? read ?? { damaged: 0, damage: [] };
  const [first] = damage;
  if (first)
    yield `${counted(damaged, 'record')} damaged, the first ${describeDamage(first)}; their weight is in [damaged]`;
  if (!trace) return;
  for (const { offset, text } of trace.diagnostics.slice(0, 3)) yield `byte ${offset}: ${forTerminal(text)}`;
}

/** `1 record`, `2 records` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Writes the summary as JSON; the fields are those of {@link Summary}. */
export async function writeSummary(file: string, summary: Summary): Promise<void> {
  const text = new TextEncoder().encode(`${JSON.stringify(summary, null, 2)}\n`);
  await withOutput(file, (output) => output.write(text));
}
