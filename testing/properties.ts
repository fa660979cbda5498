import fc from 'fast-check';

const SEED = 'STAPFLAME_SEED';
const CASES = 'STAPFLAME_CASES';

/** Number of cases tried for each property. `npm run test:long` sets a higher number. */
const cases: number = integer(CASES) ?? 100;

/** Gives all properties of a run the same seed (see vitest.base.ts), so that the run can be repeated. */
export function configureProperties(): void {
  const seed = integer(SEED);
  fc.configureGlobal({ numRuns: cases, ...(seed !== undefined && { seed }) });
}

/** Options for a property with slow cases: it tries only this share of the usual number. */
export function share(part: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(cases * part)) };
}

function integer(name: string): number | undefined {
  const value = process.env[name];
  if (value === undefined || value === '') return undefined;
  if (!/^-?\d+$/.test(value)) throw new Error(`expected an integer in ${name}, got ${value}`);
  return Number(value);
}
