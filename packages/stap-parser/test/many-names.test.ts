import type { StackBatch } from '@stapflame/stacks';
import { expect, it } from 'vitest';
import { TraceParser } from '../src/index.ts';

/** Returns the tables used by the trace's batches. */
function tablesOf(lines: Iterable<string>): Set<StackBatch['table']> {
  const parser = new TraceParser({ frames: 'labels' });
  const tables = new Set<StackBatch['table']>();
  for (const line of lines) {
    parser.push(Buffer.from(line));
    if (parser.full) for (const batch of parser.take()) tables.add(batch.table);
  }
  parser.endInput();
  for (const batch of parser.take()) tables.add(batch.table);
  return tables;
}

function* records(names: number, framesOfName: number): Generator<string> {
  const filling = 'x'.repeat(200);
  for (let i = 0; i < names; i++) yield `${` 0x1 : ${filling}${i}+0x1/0x2 [/a]\n`.repeat(framesOfName)}\t1\n`;
}

it('a full table grows if there are few frames per name', () => {
  expect(tablesOf(records(40_000, 1)).size).toBe(1);
});

it('a full table is replaced if there are many frames per name, which limits memory', () => {
  expect(tablesOf(records(40_000, 10)).size).toBeGreaterThan(1);
});
