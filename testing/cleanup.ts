import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

type Step = () => unknown;

/** The steps to undo, with the latest one last. The file's steps come before the current test's steps. */
const steps: Step[] = [];

/**
 * Undoes something when the current test ends, whether it passed, failed or timed out. If called outside a test (in
 * `beforeAll`, or while the file is loaded), it is undone after the last test in the file.
 */
export function atEnd(step: Step): void {
  steps.push(step);
}

/** Returns the current number of steps, for `undoDownTo`. */
export function mark(): number {
  return steps.length;
}

/**
 * Undoes the steps after the first `count` steps, the latest first. All steps are undone even if one fails; the first
 * error is then thrown.
 */
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
 * Makes an empty directory in a place where other users cannot write. In /tmp, where everyone can write, they could
 * replace it. The directory is in the checkout or, if the checkout itself is in /tmp, in the user's home directory.
 */
export function privateDirectory(): string {
  const places = [join(dirname(import.meta.dirname), 'test-results'), userInfo().homedir];
  const place = places.find(isPrivate);
  if (place === undefined)
    throw new Error(
      `expected a path where only this user can write, but others can write along ${places.join(' and ')}`,
    );
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
