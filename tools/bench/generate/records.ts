import { Hosts, ManyPrograms, NewNames, Threads } from './many-names.ts';
import { DistinctRecords, FramedRecords, LowRecords, ShallowRecords, SlidingRecords } from './one-program.ts';
import { PerfText } from './perf-text.ts';
import type { RecordSource } from './record-source.ts';

export type RecordKind =
  | 'low'
  | 'distinct'
  | 'framed'
  | 'sliding'
  | 'shallow'
  | 'programs-16'
  | 'programs-64'
  | 'programs-1000'
  | 'new-names'
  | 'threads'
  | 'hosts-4'
  | 'hosts-40'
  | 'perf-low'
  | 'perf-distinct';

const SOURCES: Readonly<Record<RecordKind, (seed: number) => RecordSource>> = {
  low: (seed) => new LowRecords(seed),
  distinct: (seed) => new DistinctRecords(seed),
  framed: (seed) => new FramedRecords(seed),
  sliding: (seed) => new SlidingRecords(seed),
  shallow: (seed) => new ShallowRecords(seed),
  'programs-16': (seed) => new ManyPrograms(seed, 16, 5000, 4000),
  'programs-64': (seed) => new ManyPrograms(seed, 64, 5000, 4000),
  'programs-1000': (seed) => new ManyPrograms(seed, 1000, 500, 200),
  'new-names': (seed) => new NewNames(seed),
  threads: (seed) => new Threads(seed),
  'hosts-4': (seed) => new Hosts(seed, 4),
  'hosts-40': (seed) => new Hosts(seed, 40),
  'perf-low': (seed) => new PerfText(new LowRecords(seed), seed),
  'perf-distinct': (seed) => new PerfText(new DistinctRecords(seed), seed),
};

export function createSource(kind: RecordKind, seed: number): RecordSource {
  return SOURCES[kind](seed);
}
