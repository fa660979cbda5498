import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/cleanup.ts';
import { foldTwoHosts, MAIN } from './two-hosts.ts';

const DOCS = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));

type Row = readonly (string | number | null)[];

/** Runs the statements in order, and returns the rows of each. */
async function answers(sql: string): Promise<readonly (readonly Row[])[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const all: Row[][] = [];
  for (const statement of sql.split(';\n').filter((each) => each.trim() !== '')) {
    const rows = (await connection.runAndReadAll(statement)).getRowsJson();
    all.push(rows.map((row) => row.map((value) => (value === null ? null : String(value)))));
  }
  connection.closeSync();
  return all;
}

it('DuckDB answers the queries of docs/scale.md as merge, diff and top do', async () => {
  const directory = temporaryDirectory();
  const stapflame = (...words: string[]): string =>
    execFileSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', cwd: directory });
  const [a, b] = foldTwoHosts(directory);
  const [, sql] = /```sql\n(CREATE VIEW[^`]*)```/.exec(readFileSync(DOCS, 'utf8'))!;
  const [, merged, compared, top] = await answers(sql!.replace("'*.tsv'", `'${join(directory, '*.tsv')}'`));
  const text = (rows: readonly Row[]): string[] => rows.map((row) => row.join(' ')).toSorted();
  const lines = (output: string): string[] =>
    output
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .toSorted();
  expect(text(merged!)).toEqual(lines(stapflame('merge', '-q', '--plain', a, b)));
  const names = ['--no-merge-clones', '--no-demangle', '--plain', '-q'];
  expect(text(compared!)).toEqual(
    lines(stapflame('diff', a, b, '--no-normalize', '--output-format', 'folded', ...names)),
  );
  stapflame('merge', '-q', a, b, '-o', 'both.folded');
  const { rows } = JSON.parse(stapflame('top', 'both.folded', '--json', '--limit', '0', '-q')) as {
    rows: { name: string; self: { weight: number }; total: { weight: number } }[];
  };
  const ours = rows.map(({ name, self, total }) => [name, self.weight, total.weight]);
  expect(text(top!.map(([name, self, total]) => [name!, self ?? 0, total!]))).toEqual(text(ours));
});
