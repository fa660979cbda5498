import { makeKernelNames } from '@stapflame/stap-runner';
import type { Countdown } from './countdown.ts';
import type { Closed, Place } from './place.ts';

/**
 * Lets stap find the kernel's functions, where the scripts for waits place probes. Returns the place unchanged if stap
 * finds them by itself, or if they cannot be read.
 */
export async function withKernelNames(
  place: Place | Closed,
  { kind }: { readonly kind?: string },
  countdown: Countdown,
): Promise<Place | Closed> {
  // with --sysroot, stap finds no kernel functions at all
  if (kind !== 'off-cpu' || 'exit' in place || place.script.sysroot !== undefined) return place;
  const { debuginfoPath, refused } = await makeKernelNames(place.runner);
  if (refused !== undefined) countdown.say(`stap may not find the kernel's functions: ${refused}`);
  if (debuginfoPath === undefined) return place;
  const directory = debuginfoPath.slice(debuginfoPath.lastIndexOf(':') + 1);
  countdown.say(
    `stap gets the names of the kernel's functions from /proc/kallsyms; to remove the copy: rm -r ${directory}`,
  );
  return { ...place, runner: { ...place.runner, debuginfoPath } };
}
