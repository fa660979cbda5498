import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
