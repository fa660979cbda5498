import { setTimeout as pause } from 'node:timers/promises';

/** Far beyond what a busy machine takes, and below the time that a test may take: this failure names the sign. */
const PATIENCE = 300_000;
const LONGEST_PAUSE = 50;

/**
 * Waits for a sign from what is tested: until `sign` gives something truthy, which is handed on. A sign that
 * throws has not come yet, so that it may read a file that is not there at first.
 *
 * @param what the sign in words, for the message when it does not come
 * @param patience milliseconds after which it counts as not coming
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
  throw new Error(`this did not come within ${patience / 1000} s: ${what}`, { cause: failure });
}

/** Gives the event loop so many turns: for what this process does by itself, without waiting for another. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
