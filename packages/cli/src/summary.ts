import type { FolderSummary } from '@stapflame/folder';
import { isIncomplete, type Facts, type ReadSummary } from '@stapflame/stacks';
import type { ParserSummary } from '@stapflame/stap-parser';
import type { Passed, Written } from './convert.ts';
import { damageText } from './damage.ts';
import { hintText } from './hints.ts';
import type { InputTold } from './inputs/input.ts';
import type { Input } from './io/inputs.ts';
import type { OutputTold } from './outputs/output.ts';
import type { Selected } from './selected.ts';
import { withOutput } from './io/with-output.ts';
import type { NamesTold } from './symbols/naming.ts';
import { forTerminal } from './terminal.ts';

/** A command's report about its input and output: one line on stderr, and all fields with `--summary FILE`. */
export interface Summary extends InputTold, OutputTold {
  /** The folder's summary; absent if stacks were not merged. */
  readonly folded?: FolderSummary;
  /** Totals of the stacks that were written in the input's order; absent if stacks were merged. */
  readonly passed?: Passed;
  /** The result of the selection; absent without a selection. */
  readonly selected?: Selected;
  /** Whether demangling was stopped because too many names took too long. Later names stay mangled. */
  readonly namesGivenUp?: boolean;
  /** The result of the name lookup; absent if there was no lookup. */
  readonly names?: NamesTold;
  /** The weight of the stacks with a frame that has neither a name nor a module; absent unless a trace is drawn. */
  readonly unnamed?: number;
  /** Facts about the stacks, such as the unit and the losses. */
  readonly facts: Facts;
  /** What was read from the two profiles; absent unless profiles are compared. */
  readonly before?: Summary;
  readonly after?: Summary;
  /** Inputs that ended early, and why: truncated, changed while being read, or interrupted by a signal. */
  readonly brokenOff?: readonly string[];
  /** True if nothing was damaged, truncated or lost. */
  readonly complete: boolean;
  /** A line that says what is missing; absent if nothing is missing. */
  readonly incomplete?: string;
}

export function summaryOf(
  told: InputTold,
  inputs: readonly Pick<Input, 'brokenOff'>[],
  { facts, folded, passed, selected, drawn, namesGivenUp, names }: Written,
): Summary {
  const brokenOff = inputs.flatMap((input) => input.brokenOff ?? []);
  const parsed = told.trace ?? told.read;
  const isWhole = parsed ? parsed.complete : !isIncomplete(facts) && told.ignoredLines === undefined;
  return {
    ...told,
    ...(folded && { folded }),
    ...(passed && { passed }),
    ...(selected && { selected }),
    ...(drawn && { drawn }),
    ...(namesGivenUp && { namesGivenUp }),
    ...(names && { names }),
    facts,
    ...(brokenOff.length > 0 && { brokenOff }),
    complete: isWhole && brokenOff.length === 0,
  };
}

/** Returns a line such as `2350 samples in 9 distinct stacks; 0 damaged, 0 truncated, 0 diagnostics`. */
export function summaryLine(summary: Summary): string {
  const { trace, read, folded, passed, before, after, facts } = summary;
  const parsed = trace ?? read;
  const stacks = folded
    ? counted(folded.distinct, 'distinct stack')
    : parsed
      ? counted(parsed.records, 'record')
      : counted(passed?.stacks ?? 0, 'stack');
  const { unit = 'samples', filtered = 0 } = facts;
  const weighed = (weight: number): string =>
    unit === 'samples' ? counted(weight, 'sample') : `${weight} ${unit}`;
  const left = filtered > 0 ? `, ${filtered} of them filtered out,` : '';
  if (before && after) {
    const weights = `${weighed(weightOfInput(before))} before, ${weighed(weightOfInput(after))} after`;
    const sides = Object.entries({ before, after }).map(([side, each]) => [side, tellings(each)] as const);
    const told = sides.flatMap(([side, each]) => (each.length > 0 ? [`${side}: ${each.join(', ')}`] : []));
    return [`${weights}, in ${stacks}`, ...told].join('; ');
  }
  const told = tellings(summary);
  const mark = parsed ? '; ' : ', ';
  return `${weighed(weightOfInput(summary))}${left} in ${stacks}${told.length > 0 ? `${mark}${told.join(', ')}` : ''}`;
}

/** Returns what the reader of the input reports, such as `0 damaged, 0 truncated`. */
function tellings({ trace, read, notes: told = [] }: InputTold): readonly string[] {
  const parsed = trace ?? read;
  return [
    ...(parsed ? [`${parsed.damaged} damaged, ${parsed.truncated} truncated`] : []),
    ...(trace ? [counted(trace.diagnosticCount, 'diagnostic'), ...notes(trace)] : []),
    ...(read ? lossesOf(read) : []),
    ...told,
  ];
}

function weightOfInput({ trace, read, folded, passed, facts }: Summary): number {
  const { filtered = 0 } = facts;
  return (trace ?? read)?.weight ?? (folded?.weights.at(-1) ?? passed?.weight ?? 0) + filtered;
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
  if (trace.unknownLines > 0)
    yield `${counted(trace.unknownLines, 'line')} in an unknown format among the frames`;
  if (trace.ignoredLines > 0) yield `${counted(trace.ignoredLines, 'line')} ignored`;
}

function shownShare({ weight, beyondLimit }: ParserSummary): string {
  const all = weight + beyondLimit;
  return `${((100 * weight) / all).toFixed(1)} % of ${all} shown; all other stacks are beyond the limit (-l)`;
}

/** If stacks with unnamed frames make up at least this share, a message says so. A small share is normal. */
const MUCH = 0.1;

/** Yields messages about problems, including a trace's first few diagnostics with their byte offsets. */
export function* complaints(summary: Summary): Generator<string> {
  const { trace, read, brokenOff, facts, drawn, before, after, ...told } = summary;
  for (const [side, each] of Object.entries({ before, after }))
    if (each) for (const line of complaints(each)) yield `${side}: ${line}`;
  yield* brokenOff ?? [];
  yield* told.selected?.unmatched ?? [];
  if (drawn && drawn.levelsCut > 0)
    yield `the deepest stack has ${counted(drawn.levelsCut, 'more level')} than are drawn (--max-depth)`;
  if (drawn?.isLimited === true)
    yield `only the ${drawn.boxes} widest boxes are drawn (--max-boxes), because more would be too many for a browser`;
  if (told.ignoredLines !== undefined)
    yield `${counted(told.ignoredLines, 'line')} of the input ${told.ignoredLines === 1 ? 'is not a stack' : 'are not stacks'} (root;…;leaf COUNT); such lines are left out (first: line ${told.firstIgnoredLine})`;
  if (told.namesGivenUp === true)
    yield 'demangling took too long for too many names, so later names stay mangled';
  if (told.names) yield* lookups(told.names);
  const { folded, passed, unnamed = 0 } = told;
  const share = unnamed / (folded?.weights.at(-1) ?? passed?.weight ?? 0);
  if (share >= MUCH)
    yield `${(100 * share).toFixed(1)} % of ${facts.unit ?? 'samples'} contain frames without a name ([unknown]); stapflame doctor TRACE says why`;
  if (facts.exportedOnly !== undefined)
    yield `${((100 * facts.exportedOnly) / weightOfInput(summary)).toFixed(1)} % of ${facts.unit ?? 'samples'} are in functions without a name, which are shown as [FILE], because only that file's exported functions have names`;
  if (facts.inexact === true)
    yield `a sum is above ${Number.MAX_SAFE_INTEGER}, the largest exact integer, and was rounded`;
  const parsed = trace ?? read;
  if (parsed && parsed.damaged > 0) yield damageText(parsed);
  if (!trace) return;
  yield* trace.hints.map(hintText);
  for (const { offset, text } of trace.diagnostics.slice(0, 3)) yield `byte ${offset}: ${forTerminal(text)}`;
}

/** Maximum number of modules to list on stderr. `--summary` lists all of them. */
const MOST_MODULES = 5;

/** Reports how many names were found, and which modules have names that could not be found. */
function* lookups({ asked, found, modules }: NamesTold): Generator<string> {
  yield `name lookup: found names for ${found} of ${counted(asked, 'distinct frame')} without a name`;
  const failed = modules
    .filter(({ asked: frames, found: known, problem }) => frames > known && problem !== undefined)
    .toSorted((a, b) => b.asked - b.found - (a.asked - a.found));
  for (const { module, asked: frames, found: known, problem } of failed.slice(0, MOST_MODULES))
    yield `${forTerminal(module)}: no names for ${counted(frames - known, 'distinct frame')}: ${forTerminal(problem!)}`;
  if (failed.length > MOST_MODULES)
    yield `and ${counted(failed.length - MOST_MODULES, 'more module')}; --summary lists them all`;
}

/** Formats a count with its noun, such as `1 record` or `2 records`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Writes the summary as JSON, with the fields of {@link Summary}. */
export async function writeSummary(file: string, summary: Summary): Promise<void> {
  const text = new TextEncoder().encode(`${JSON.stringify(summary, null, 2)}\n`);
  await withOutput(file, (output) => output.write(text));
}
