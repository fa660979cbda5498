import type { createScanner, LineScanner } from '@stapflame/line-scanner';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { checkFormedTrace, formedTraces } from '../fuzz/forms.ts';
import { manyNames } from '../fuzz/many-names.ts';

/** What the scanners of a test do wrong. */
const fault = vi.hoisted(() => ({ in: undefined as ((scanner: LineScanner) => void) | undefined }));

vi.mock(import('@stapflame/line-scanner'), async (original) => {
  const scanners = await original();
  const create: typeof createScanner = (...given) => {
    const scanner = scanners.createScanner(...given);
    fault.in?.(scanner);
    return scanner;
  };
  return { ...scanners, createScanner: create };
});

it('a thousand traces are enough to find that unrecognised lines wrongly get the address of an earlier line', () => {
  // an earlier version recognised every line by the text after its address
  fault.in = (scanner) => {
    scanner.rememberWhole = (token) => scanner.remember(token);
  };
  const property = fc.property(formedTraces, (trace) => checkFormedTrace(trace));
  expect(fc.check(property, { numRuns: 1000 }).failed).toBe(true);
});

it('a hundred traces are enough to find that lines keep the numbers of a table that was replaced', () => {
  fault.in = (scanner) => {
    scanner.forget = () => undefined;
  };
  const property = fc.property(manyNames, (trace) => checkFormedTrace(trace));
  expect(fc.check(property, { numRuns: 100 }).failed).toBe(true);
});

it('a hundred traces are enough to find that a symbol gets the number of another one when many are remembered', () => {
  fault.in = (scanner) => {
    let symbols = 0;
    let first = 0;
    const remember = scanner.rememberSymbol.bind(scanner);
    const forget = scanner.forget.bind(scanner);
    scanner.rememberSymbol = (token) => {
      if (symbols === 0) first = token;
      // the ninth symbol evicts another one from the smallest table
      remember(++symbols === 9 ? first : token);
    };
    scanner.forget = () => {
      symbols = 0;
      forget();
    };
  };
  const property = fc.property(manyNames, (trace) => checkFormedTrace(trace));
  expect(fc.check(property, { numRuns: 100 }).failed).toBe(true);
});
