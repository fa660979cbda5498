import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createCallTree } from '@stapflame/call-tree';
import { createFunctionTable } from '@stapflame/functions';
import { createFoldedReader } from '@stapflame/stacks/stream';
import { expect, it } from 'vitest';
import { createPeekText, createTopText, createTreeText } from '../src/index.ts';

const fixture = (name: string): URL => new URL(`fixtures/burn/${name}`, import.meta.url);
const golden = (name: string): string => readFileSync(fixture(name), 'utf8');
const stacks = (): Readable => createReadStream(fixture('folded.txt')).pipe(createFoldedReader());

it('the tables for a real profile match the golden tables', async () => {
  const top = stacks()
    .pipe(createFunctionTable({ limit: 20 }))
    .pipe(createTopText());
  expect(await text(top)).toBe(golden('top.txt'));
  const peek = stacks()
    .pipe(createFunctionTable({ limit: 20, names: /read_zero/ }))
    .pipe(createPeekText());
  expect(await text(peek)).toBe(golden('peek.txt'));
  const tree = stacks()
    .pipe(createCallTree({ minShare: 0.02 }))
    .pipe(createTreeText());
  expect(await text(tree)).toBe(golden('tree.txt'));
});
