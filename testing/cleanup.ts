import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

type Step = () => unknown;

/** What is to be undone, the latest last; steps of the file come before those of its present test. */
const steps: Step[] = [];

/**
 * Undoes something when the present test ends, however it ends: passed, failed or timed out. Outside of a
 * test (in `beforeAll`, or where the file is loaded), when the last test of the file has ended.
 */
export function atEnd(step: Step): void {
  steps.push(step);
}

/** How much there is to undo now; `undoDownTo` takes this number. */
export function mark(): number {
  return steps.length;
}

/** Undoes the latest steps first. All are done, whichever of them fails; the first failure is thrown. */
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

/** An empty directory, which is removed at the end. */
export function temporaryDirectory(name = 'test-'): string {
  const directory = mkdtempSync(join(tmpdir(), name));
  atEnd(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/**
 * An empty directory below none that others may write to, as they may to /tmp: whoever may, could put another one in
 * its place. It lies in the checkout or, where that is below /tmp itself, in the user's home.
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
