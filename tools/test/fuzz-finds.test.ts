import type { createScanner } from '@stapflame/line-scanner';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { checkFormedTrace, formedTraces } from '../fuzz/forms.ts';

/** Makes scanners recognise every line by the text after its address, as an earlier version did. */
vi.mock(import('@stapflame/line-scanner'), async (original) => {
  const scanners = await original();
  const create: typeof createScanner = (...given) => {
    const scanner = scanners.createScanner(...given);
    scanner.rememberWhole = (token) => scanner.remember(token);
    return scanner;
  };
  return { ...scanners, createScanner: create };
});

it('a thousand traces are enough to find that unrecognised lines wrongly get the address of an earlier line', () => {
  const property = fc.property(formedTraces, (trace) => checkFormedTrace(trace));
  expect(fc.check(property, { numRuns: 1000 }).failed).toBe(true);
});
