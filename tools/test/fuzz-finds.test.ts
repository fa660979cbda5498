import type { createScanner } from '@stapflame/line-scanner';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { checkFormedTrace, formedTraces } from '../fuzz/forms.ts';

/** Every line is known by what follows its address, as it once was. */
vi.mock(import('@stapflame/line-scanner'), async (original) => {
  const scanners = await original();
  const create: typeof createScanner = (...given) => {
    const scanner = scanners.createScanner(...given);
    scanner.rememberWhole = (token) => scanner.remember(token);
    return scanner;
  };
  return { ...scanners, createScanner: create };
});

it('finds lines of no known form that take the address of the first one, in a thousand traces', () => {
  const property = fc.property(formedTraces, (trace) => checkFormedTrace(trace));
  expect(fc.check(property, { numRuns: 1000 }).failed).toBe(true);
});
