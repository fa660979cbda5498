import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

type Step = () => unknown;

/** What has to be undone, the latest step last. Steps of the file come before those of the current test. */
const steps: Step[] = [];

/**
 * Undoes something when the current test ends, whether it passed, failed or timed out. Outside of a test (in
 * `beforeAll`, or while the file is loaded) it is undone when the last test of the file has ended.
 */
export function atEnd(step: Step): void {
  steps.push(step);
}

/** The number of steps there are now, for `undoDownTo`. */
export function mark(): number {
  return steps.length;
}

/** Undoes the steps above `count`, the latest first. A failure does not stop the others; the first one is thrown. */
export async function undoDownTo(count: number): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps.splice(count).toReversed()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Makes an empty directory, which is removed at the end. */
export function temporaryDirectory(name = 'test-'): string {
  const directory = mkdtempSync(join(tmpdir(), name));
  atEnd(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/**
 * Makes an empty directory in a place where other users cannot write. In /tmp, which everyone can write to, they could
 * replace it. It is in the checkout or, if the checkout itself is in /tmp, in the user's home directory.
 */
export function privateDirectory(): string {
  const places = [join(dirname(import.meta.dirname), 'test-results'), userInfo().homedir];
  const place = places.find(isPrivate);
  if (place === undefined) throw new Error(`others may write to a part of each of ${places.join(' and ')}`);
  mkdirSync(place, { recursive: true });
  const directory = mkdtempSync(join(place, '.stapflame-test-'));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function isPrivate(directory: string): boolean {
  const stats = statSync(directory, { throwIfNoEntry: false });
  const parent = dirname(directory);
  return ((stats?.mode ?? 0) & 0o022) === 0 && (parent === directory || isPrivate(parent));
}
