import { combineFacts, type Facts } from '@stapflame/stacks';
import { SummaryBuilder, type ParserSummary } from './summary.ts';
import { factsOfTrace } from './trace-facts.ts';

/** The result of reading one or more traces with one parser. */
export interface TraceRead {
  readonly summary: ParserSummary;
  readonly facts: Facts;
  /** Whether the trace has a header or records. If not, nothing is known about its stacks. */
  readonly isKnown: boolean;
}

/** Returns the summary and facts that a parser would return after reading all traces. Throws `MIXED_UNITS`. */
export function combineTraces(traces: readonly TraceRead[]): {
  readonly summary: ParserSummary;
  readonly facts: Facts;
} {
  const builder = new SummaryBuilder();
  let common: Facts | undefined;
  for (const { summary, facts, isKnown } of traces) {
    addCounts(builder, summary);
    builder.lost += summary.lost;
    builder.beyondLimit += summary.beyondLimit;
    builder.trailerMissing ||= summary.trailerMissing;
    if (!isKnown) continue;
    const { losses: _, beyondLimit: __, inexact: ___, ...stated } = facts;
    common = common === undefined ? stated : combineFacts(common, stated);
  }
  const summary = { ...builder.snapshot(), ...lists(traces.map((trace) => trace.summary)) };
  return { summary, facts: factsOfTrace(common, summary) };
}

/**
 * Whether the summary hints that most samples have different headings. This hint cannot be derived from the summaries
 * of a trace's parts, because several parts may have the same heading.
 */
export function hasChangingHeads({ hints }: ParserSummary): boolean {
  return hints.some(({ kind }) => kind === 'changing-heads');
}

/** Adds a part's counts. Losses are not added, because only the complete trace reveals them. */
export function addCounts(builder: SummaryBuilder, summary: ParserSummary): void {
  builder.bytes += summary.bytes;
  builder.records += summary.records;
  builder.whole += summary.whole;
  builder.weight += summary.weight;
  builder.damaged += summary.damaged;
  builder.damagedWeight += summary.damagedWeight;
  builder.truncated += summary.truncated;
  builder.cut += summary.cut;
  builder.ignoredLines += summary.ignoredLines;
  builder.unknownLines += summary.unknownLines;
  builder.diagnosticCount += summary.diagnosticCount;
  builder.errors += summary.errors;
}

type Lists = Pick<ParserSummary, 'damage' | 'diagnostics' | 'unknown' | 'hints'>;

const HINTS = ['separator', 'changing-heads'] as const;
const LISTED = { damage: 100, diagnostics: 100, unknown: 10 } as const;

/** Combines the lists of several summaries into the lists that a single parser would have returned. */
export function lists(summaries: readonly Lists[]): Lists {
  const hints = summaries.flatMap((summary) => summary.hints);
  return {
    damage: summaries.flatMap(({ damage }) => damage).slice(0, LISTED.damage),
    diagnostics: summaries.flatMap(({ diagnostics }) => diagnostics).slice(0, LISTED.diagnostics),
    unknown: summaries
      .flatMap(({ unknown }) => unknown)
      .filter(({ text }, i, all) => all.findIndex((each) => each.text === text) === i)
      .slice(0, LISTED.unknown),
    hints: HINTS.flatMap((kind) => hints.find((hint) => hint.kind === kind) ?? []),
  };
}
