import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusedByHolm } from './statistics.ts';

/** The statistical tests of this run's tables, one file for each distribution. `npm run test:stap` empties it first. */
const DIRECTORY = fileURLToPath(new URL('../test-results/tables', import.meta.url));

/** A test of the null hypothesis that a table row has its expected values. */
interface RowTest {
  readonly row: string;
  readonly p: number;
}

/** Saves a table's tests, and says which are rejected at this level over the tables saved from all distributions. */
export function verdictOn(
  table: string,
  distribution: string,
  tests: readonly RowTest[],
  level: number,
): string {
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(join(DIRECTORY, `${table}-${distribution}.json`), JSON.stringify(tests));
  const files = readdirSync(DIRECTORY).filter((file) => file.startsWith(`${table}-`));
  const all = files.flatMap((file) =>
    (JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as RowTest[]).map(({ row, p }) => ({
      name: `${row} (${file.slice(table.length + 1, -'.json'.length)})`,
      p,
    })),
  );
  const isRefused = refusedByHolm(
    all.map(({ p }) => p),
    level,
  );
  const refused = all.filter((_, i) => isRefused[i]).map(({ name }) => name);
  const least = Math.min(...all.map(({ p }) => p)).toPrecision(2);
  const over = files.map((file) => file.slice(table.length + 1, -'.json'.length)).join(', ');
  return `By Holm's method at ${level} over the ${all.length} tests of ${over} (least p ${least}), refused: ${refused.join(', ') || 'none'}`;
}
