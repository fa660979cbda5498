import { closeSync, openSync } from 'node:fs';

/** Number of descriptors that starting a program requires: two for each of its three pipes, and a few others. */
const NEEDED = 12;

/**
 * Whether this process may open enough files to start a program. This must be checked first, because execa crashes if
 * too few descriptors are left.
 */
export function canSpawn(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < NEEDED) opened.push(openSync('/dev/null', 'r'));
    return true;
  } catch {
    return false;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
