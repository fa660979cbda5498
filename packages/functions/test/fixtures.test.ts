import { readFileSync } from 'node:fs';
import { FoldedReader } from '@stapflame/stacks';
import { expect, it } from 'vitest';
import { FunctionCounter } from '../src/index.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/burn/${name}`, import.meta.url));

it("each function's self and total weights in a real profile match those that go tool pprof -top prints", () => {
  const reader = new FoldedReader();
  const counter = new FunctionCounter();
  reader.push(fixture('folded.txt'));
  for (const batch of reader.finish()) counter.push(batch);
  const lines = counter.table().rows.map(({ name, self, total }) => `${name} ${self.weight} ${total.weight}`);
  expect(lines.toSorted()).toEqual(fixture('pprof-top.txt').toString().trimEnd().split('\n').toSorted());
});
