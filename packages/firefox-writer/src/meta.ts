import { isIncomplete, LOSSES, SAMPLES, type Facts } from '@stapflame/stacks';
import { CATEGORIES } from './frames.ts';

/**
 * The version of the processed profile format that we write. It dates from August 2026; later versions of the profiler
 * convert it when they load a profile.
 */
const FORMAT_VERSION = 70;
/** The version of Gecko's profile format in August 2026. */
const GECKO_VERSION = 36;

/** For each unit of time, the number of units in a millisecond. */
const PER_MILLISECOND = new Map(Object.entries({ ns: 1e6, us: 1e3, ms: 1, s: 1e-3 }));

/** How weights are written, and how long a sample lasts on the timeline. */
export interface Scale {
  readonly type: 'samples' | 'tracing-ms' | 'bytes';
  /** Each weight is divided by this number before it is written. */
  readonly divisor: number;
  /** Milliseconds on the timeline per unit of the divided weight. */
  readonly duration: number;
}

export function scaleOf({ unit = SAMPLES, period }: Facts): Scale {
  const divisor = PER_MILLISECOND.get(unit);
  if (divisor !== undefined) return { type: 'tracing-ms', divisor, duration: 1 };
  const duration = unit === SAMPLES && period !== undefined ? period / 1e6 : 1;
  return { type: unit === 'bytes' ? 'bytes' : 'samples', divisor: 1, duration };
}

/**
 * The trace's facts as metadata. Facts that have no field in the format go into `extra`, which the profiler also shows.
 */
export function metaOf(facts: Facts): object {
  const { unit = SAMPLES, start = 0, duration, kernel, host, losses = {} } = facts;
  const extra = [
    ['counted in', unit],
    ...(host === undefined ? [] : [['host', host]]),
    ...LOSSES.filter((kind) => (losses[kind] ?? 0) > 0).map((kind) => [kind, String(losses[kind])]),
  ];
  return {
    version: GECKO_VERSION,
    preprocessedProfileVersion: FORMAT_VERSION,
    product: isIncomplete(facts) ? 'stapflame (incomplete)' : 'stapflame',
    importedFrom: 'stapflame',
    interval: scaleOf(facts).duration,
    startTime: start,
    ...(duration !== undefined && { profilingStartTime: 0, profilingEndTime: duration }),
    ...(kernel !== undefined && { oscpu: `Linux ${kernel}` }),
    extra: [{ label: 'Trace', entries: extra.map(([label, value]) => ({ label, format: 'string', value })) }],
    categories: CATEGORIES,
    markerSchema: [],
    processType: 0,
    stackwalk: 1,
    symbolicated: true,
    usesOnlyOneStackType: true,
    sourceCodeIsNotOnSearchfox: true,
  };
}
