/** The kinds of traces that a generator writes. */
export const KINDS = [
  'low',
  'distinct',
  'sliding',
  'framed',
  'shallow',
  'programs-16',
  'programs-64',
  'programs-1000',
  'new-names',
  'threads',
  'hosts-4',
  'hosts-40',
  'perf-low',
  'perf-distinct',
  'long-line',
  'wide-lines',
  'deep-record',
] as const;
export type Kind = (typeof KINDS)[number];

export interface TraceSpec {
  readonly kind: Kind;
  /** Maximum size in bytes; the trace ends less than one record short of it. */
  readonly size: number;
  readonly seed: number;
  /** Whether there are normal records before and after a hostile one. */
  readonly company: 'records' | 'none';
}

/** Facts about a trace, for checking a folder's output. */
export interface TraceFacts {
  readonly kind: Kind;
  readonly seed: number;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  /** The sum of all counts. */
  readonly weight: number;
  /** The sum of the counts, without records that exceed a limit of the parser. */
  readonly wholeWeight: number;
}
