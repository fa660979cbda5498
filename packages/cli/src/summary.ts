import type { FolderSummary } from '@stapflame/folder';
import type { ParserSummary } from '@stapflame/stap-parser';
import type { Input } from './io/inputs.ts';
import { withOutput } from './io/with-output.ts';
import { forTerminal } from './terminal.ts';

/** What a command tells about its work: one line on stderr, and all of it in `--summary FILE`. */
export interface Summary {
  /** What the trace parser read; absent where folded text was read. */
  readonly trace?: ParserSummary;
  /** What was merged; absent for `parse`. */
  readonly folded?: FolderSummary;
  /** Lines of folded text that are no stack and no comment, and the number of the first. */
  readonly ignoredLines?: number;
  readonly firstIgnoredLine?: number;
  /** Inputs that ended before their time: broken off, changed while they were read, stopped by a signal. */
  readonly brokenOff?: readonly string[];
  /** Nothing was damaged, truncated or lost. */
  readonly complete: boolean;
}

/** The summary of a command that read traces. */
export function traceOutcome(
  trace: ParserSummary,
  inputs: readonly Pick<Input, 'brokenOff'>[],
  rest: Pick<Summary, 'folded'>,
): Summary {
  const brokenOff = inputs.flatMap((input) => input.brokenOff ?? []);
  const complete = trace.complete && brokenOff.length === 0;
  return { trace, ...rest, ...(brokenOff.length > 0 && { brokenOff }), complete };
}

/** The summary of a command that read folded text. */
export function foldedOutcome(
  folded: FolderSummary,
  read: { incomplete: boolean; ignoredLines: number; firstIgnoredLine: number | undefined },
  inputs: readonly Pick<Input, 'brokenOff'>[],
): Summary {
  const brokenOff = inputs.flatMap((input) => input.brokenOff ?? []);
  const { ignoredLines, firstIgnoredLine } = read;
  return {
    folded,
    ...(firstIgnoredLine !== undefined && { ignoredLines, firstIgnoredLine }),
    ...(brokenOff.length > 0 && { brokenOff }),
    complete: !read.incomplete && ignoredLines === 0 && brokenOff.length === 0,
  };
}

/** `2350 samples in 9 distinct stacks; 0 damaged, 0 truncated, 0 diagnostics` */
export function summaryLine({ trace, folded }: Summary): string {
  const stacks = folded ? `${folded.distinct} distinct stacks` : `${trace?.records ?? 0} records`;
  const weight = trace?.weight ?? folded?.weights.at(-1) ?? 0;
  const parts = [`${weight} samples in ${stacks}`];
  if (trace)
    parts.push(
      `${trace.damaged} damaged, ${trace.truncated} truncated, ${trace.diagnosticCount} diagnostics`,
    );
  const extra = trace ? [...notes(trace)] : [];
  return [parts.join('; '), ...extra].join(', ');
}

function* notes(trace: ParserSummary): Generator<string> {
  if (trace.lost > 0) yield `${trace.lost} lost`;
  if (trace.beyondLimit > 0) yield shownShare(trace);
  if (trace.cut > 0) yield `${trace.cut} stacks cut at the sampler's depth limit`;
  if (trace.trailerMissing) yield 'no trailer: the trace is incomplete';
  if (trace.ignoredLines > 0) yield `${trace.ignoredLines} lines ignored`;
}

function shownShare({ weight, beyondLimit }: ParserSummary): string {
  const all = weight + beyondLimit;
  return `${((100 * weight) / all).toFixed(1)} % of ${all} shown: the other stacks are beyond the limit (-l)`;
}

/** What is wrong with the trace, with the offsets of the first places. */
export function* complaints({ trace, brokenOff, ...read }: Summary): Generator<string> {
  yield* brokenOff ?? [];
  if (read.ignoredLines !== undefined)
    yield `${read.ignoredLines} lines are no stacks (root;…;leaf COUNT), the first is line ${read.firstIgnoredLine}; they are not in the picture`;
  if (!trace) return;
  const [first] = trace.damage;
  if (first)
    yield `${trace.damaged} records are damaged, the first at byte ${first.offset} (${first.reason}); their weight is in [damaged]`;
  for (const { offset, text } of trace.diagnostics.slice(0, 3)) yield `byte ${offset}: ${forTerminal(text)}`;
}

/** The last line of folded text where something is not in it; `undefined` where nothing is missing. */
export function incompleteComment(
  trace: ParserSummary,
  inputs: readonly Pick<Input, 'brokenOff'>[] = [],
): string | undefined {
  const brokenOff = inputs.some((input) => input.brokenOff !== undefined);
  const { damaged, lost, cut, errors, beyondLimit: beyondlimit } = trace;
  if (trace.complete && !brokenOff)
    return incompleteLine(new Map(beyondlimit > 0 ? [['beyondlimit', beyondlimit]] : []));
  // an input that ends too early is truncated, wherever that shows
  const truncated = Math.max(trace.truncated, trace.trailerMissing || brokenOff ? 1 : 0);
  const counts = Object.entries({ damaged, truncated, lost, cut, errors, beyondlimit }).filter(
    ([, count]) => count > 0,
  );
  return incompleteLine(new Map(counts));
}

/** The same of counts that stood in folded text. */
export function incompleteLine(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size === 0) return undefined;
  return `# stapflame incomplete ${Array.from(counts, ([key, count]) => `${key}=${count}`).join(' ')}`;
}

/** What lies beyond the limit that a user gave the sampler is told, but nothing was lost. */
export function isLoss(counts: ReadonlyMap<string, number>): boolean {
  return [...counts.keys()].some((key) => key !== 'beyondlimit');
}

/** Writes the summary as JSON; the fields are those of {@link Summary}. `others` are files that it must not replace. */
export async function writeSummary(file: string, summary: Summary, others: readonly string[]): Promise<void> {
  const text = new TextEncoder().encode(`${JSON.stringify(summary, null, 2)}\n`);
  await withOutput(file, others, (output) => output.write(text));
}
