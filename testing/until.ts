import { setTimeout as pause } from 'node:timers/promises';

/** More than a busy machine needs, but less than a test's own limit, whose error would not name the missing sign. */
const PATIENCE = 300_000;
const LONGEST_PAUSE = 50;

/**
 * Waits for a sign from the tested code: calls `sign` until it returns something truthy, and returns that. If `sign`
 * throws, it is called again, so it may read a file that does not exist yet.
 *
 * @param what the sign in words, for the error message
 * @param patience the maximum number of milliseconds to wait
 */
export async function until<T>(
  what: string,
  sign: () => T | Promise<T>,
  patience: number = PATIENCE,
): Promise<NonNullable<T>> {
  const began = performance.now();
  let failure: unknown;
  for (let wait = 1; performance.now() - began < patience; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    try {
      const seen = await sign();
      if (seen) return seen;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await pause(wait);
  }
  throw new Error(`this did not happen within ${patience / 1000} s: ${what}`, { cause: failure });
}

/**
 * Waits for `count` turns of the event loop, for steps that finish in this process without waiting for another process.
 */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
