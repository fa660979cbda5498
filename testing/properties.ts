import fc from 'fast-check';

const SEED = 'STAPFLAME_SEED';
const CASES = 'STAPFLAME_CASES';

/** Cases of a property in an ordinary run; `npm run test:long` tries more. */
export const cases: number = integer(CASES) ?? 100;

/** All properties of a run have one seed (see vitest.base.ts), so that it can be run again. */
export function configureProperties(): void {
  const seed = integer(SEED);
  fc.configureGlobal({ numRuns: cases, ...(seed !== undefined && { seed }) });
}

/** For a property whose cases take long: this share of the cases that others get. */
export function share(part: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(cases * part)) };
}

function integer(name: string): number | undefined {
  const value = process.env[name];
  if (value === undefined || value === '') return undefined;
  if (!/^-?\d+$/.test(value)) throw new Error(`expected an integer in ${name}, got ${value}`);
  return Number(value);
}
