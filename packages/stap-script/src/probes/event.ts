import type { ResolvedOptions } from '../resolve.ts';
import type { SamplingEvent } from '../options.ts';

const POINTS: Readonly<Record<SamplingEvent, (hz: number) => string>> = {
  'cpu-clock': (hz) => `perf.sw.cpu_clock.hz(${hz})`,
  'timer-profile': (hz) => `timer.profile.freq.hz(${hz})`,
  'cpu-cycles': (hz) => `perf.hw.cpu_cycles.hz(${hz})`,
};

/** Returns the probe point that is hit `frequency` times per second on each CPU. */
export function samplingPoint({ event }: ResolvedOptions, frequency: number): string {
  return POINTS[event](frequency);
}
