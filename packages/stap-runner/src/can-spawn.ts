import { closeSync, openSync } from 'node:fs';

/** A program needs two descriptors for each of its three pipes, and a few more while it starts. */
const NEEDED = 12;

/**
 * Whether this process may open enough files to start a program. execa crashes if a program
 * cannot be started because no descriptors are left, so this is checked first.
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
