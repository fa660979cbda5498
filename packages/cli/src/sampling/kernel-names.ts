import { makeKernelNames } from '@stapflame/stap-runner';
import type { ScriptOptions } from '@stapflame/stap-script';
import type { Countdown } from './countdown.ts';
import type { Closed, Place } from './place.ts';

/**
 * Lets stap find the kernel's functions: the frames of kernel stacks, and where scripts for waits place probes. Returns
 * the place unchanged if stap finds them by itself, or if they cannot be read.
 */
export async function withKernelNames(place: Place | Closed, countdown: Countdown): Promise<Place | Closed> {
  if ('exit' in place || !needsNames(place.script)) return place;
  const { debuginfoPath, made, refused } = await makeKernelNames(place.runner);
  if (refused !== undefined) countdown.say(`stap may not find the kernel's functions: ${refused}`);
  if (made !== undefined)
    countdown.say(
      `made a list of the kernel's functions for stap, from /proc/kallsyms; to remove it: rm -r ${made}`,
    );
  if (debuginfoPath === undefined) return place;
  return { ...place, runner: { ...place.runner, debuginfoPath } };
}

function needsNames({ kind, user, kernel, addresses, sysroot }: ScriptOptions): boolean {
  // with a sysroot, stap does not read this file
  if (sysroot !== undefined || addresses === true) return false;
  return kind === 'off-cpu' || kernel === true || user !== true;
}
