import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folded, read } from './read.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const trace = (name: string): Uint8Array => readFileSync(new URL(`${name}/trace.txt`, FIXTURES));

describe.each(readdirSync(FIXTURES))('the perf script output in %s', (name) => {
  it.each(['reference', 'wasm'] as const)('yields the golden stacks with the %s scanner', (scanner) => {
    const golden = readFileSync(new URL(`${name}/folded.txt`, FIXTURES), 'utf8');
    const given = read(trace(name), { scanner });
    expect(folded(given)).toBe(golden);
    expect(given.summary).toMatchObject({ ignoredLines: 0, damaged: 0, truncated: 0 });
  });

  it('yields the same stacks with any chunk size', () => {
    for (const size of [1, 2, 3, 61, 4099]) expect(read(trace(name), {}, size)).toEqual(read(trace(name)));
  });
});

it('reads facts from the header, and marks the samples as sorted by time', () => {
  expect(read(trace('header')).facts).toEqual({
    unit: 'ns',
    order: 'time',
    host: 'vm',
    kernel: '6.18.44-fc-v782',
    duration: 654.061,
  });
});

it('keeps the source line of each frame', () => {
  const [leaf, next] = read(trace('srcline')).frames[1]!;
  expect(leaf).toMatchObject({
    symbol: 'hash',
    module: '/opt/burn/burn',
    offset: 0x26,
    file: 'burn.c',
    line: 8,
  });
  expect(next).toMatchObject({ symbol: 'compute', file: 'burn.c', line: 9 });
});

it('marks inlined frames', () => {
  const frames = read(trace('inlined')).frames.flat();
  expect(frames.find(({ label }) => label === 'mix')).toMatchObject({ inlined: true });
  expect(frames.find(({ label }) => label === 'hash')).not.toHaveProperty('inlined');
});

it('counts lost events and skipped branch stacks', () => {
  const { summary, facts } = read(trace('lost'));
  expect(summary).toMatchObject({ lost: 17, complete: false });
  expect(facts.losses).toEqual({ lost: 17 });
  expect(read(trace('branches')).summary).toMatchObject({ branchStacks: 2, complete: true });
});
