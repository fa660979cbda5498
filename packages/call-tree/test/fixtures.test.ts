import { readFileSync } from 'node:fs';
import { FoldedReader } from '@stapflame/stacks';
import { expect, it } from 'vitest';
import { CallTreeBuilder, type CallTreeNode } from '../src/index.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/burn/${name}`, import.meta.url));

function linesOf(nodes: readonly CallTreeNode[], level: number): readonly string[] {
  return nodes.flatMap(({ name, self, total, children }) => [
    `${level} ${name} ${self.weight} ${total.weight}`,
    ...linesOf(children, level + 1),
  ]);
}

it('the tree for a real profile has the self and total weight of every frame with at least the minimum share', () => {
  const reader = new FoldedReader();
  const builder = new CallTreeBuilder({ minShare: 0.02 });
  reader.push(fixture('folded.txt'));
  for (const batch of reader.finish()) builder.push(batch);
  expect(`${linesOf(builder.tree().children, 1).join('\n')}\n`).toBe(fixture('tree.txt').toString());
});
