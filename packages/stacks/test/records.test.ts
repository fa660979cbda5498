import { describe, expect, it } from 'vitest';
import { Records, type Frame } from '../src/index.ts';

const LIMITS = { maxRecordLines: 4, maxTableFrames: 4 };
const frame = (label: string): readonly Frame[] => [{ label }];

/** Returns the stacks that have not been taken yet, root first. */
function taken(records: Records): readonly string[] {
  return records.take().flatMap((batch) =>
    Array.from(batch, ({ frames, count }) => {
      const labels = frames.map(({ label }) => label);
      return `${labels.toReversed().join(';')} ${count}`;
    }),
  );
}

it('makes a stack from lines and root frames, the last root frame outermost', () => {
  const records = new Records(LIMITS);
  records.addLine('a', () => frame('a'));
  records.addLine('b', () => frame('b'));
  records.end(3, ['comm', 'host']);
  records.end(2, ['thread 7']);
  records.end(1);
  expect(taken(records)).toEqual(['host;comm;b;a 3', 'thread_7 2', '[unknown] 1']);
});

it('replaces a line with the frames that it stands for, and adds a source line to the frame before it', () => {
  const records = new Records(LIMITS);
  const group = records.frames.add([{ label: 'inner' }, { label: 'outer' }]);
  const source = records.frames.addSource({ file: 'a.c', line: 7 });
  records.add(Uint32Array.of(group, source), 0, 2);
  records.end(1);
  const [batch] = records.take();
  expect([...batch!][0]!.frames).toEqual([{ label: 'inner' }, { label: 'outer', file: 'a.c', line: 7 }]);
});

it('accepts no more lines than the limit allows, and keeps the weight of a damaged record', () => {
  const records = new Records(LIMITS);
  const word = records.frames.add(frame('a'));
  expect(records.add(new Uint32Array(5).fill(word), 0, 5)).toBe(false);
  records.end(8, ['root'], { offset: 12, reason: 'long-record' });
  expect(taken(records)).toEqual(['root;[damaged] 8']);
  expect(records.tally.summary()).toMatchObject({ records: 1, whole: 0, damagedWeight: 8, complete: false });
});

it('starts a new table when the table is full, and moves the open record to it', () => {
  const records = new Records(LIMITS);
  for (const label of ['a', 'b', 'c', 'd']) records.addLine(label, () => frame(label));
  expect(records.makeRoom()).toBe(true);
  expect(records.frames.table.size).toBe(4);
  records.end(1);
  expect(taken(records)).toEqual(['d;c;b;a 1']);
});

it('reports the facts shared by all inputs, and the total losses', () => {
  const records = new Records(LIMITS);
  const input = (host: string): void => {
    records.facts.add({ unit: 'ns', host });
    records.end(1);
    records.endInput();
  };
  input('one');
  records.tally.lost = 5;
  input('two');
  expect(records.take().at(-1)!.facts).toEqual({ unit: 'ns', losses: { lost: 5 } });
  records.facts.add({ unit: 'cycles' });
  records.end(1);
  expect(() => records.endInput()).toThrow(expect.objectContaining({ code: 'MIXED_UNITS' }));
});

it('accepts a record with many lines', () => {
  const records = new Records({ maxRecordLines: 1000, maxTableFrames: 1000 });
  const labels = Array.from({ length: 600 }, (_, i) => `f${i}`);
  for (const label of labels) expect(records.addLine(label, () => frame(label))).toBe(true);
  records.end(1);
  expect(taken(records)).toEqual([`${labels.toReversed().join(';')} 1`]);
});

it('says when there are enough stacks for a batch', () => {
  const records = new Records(LIMITS);
  records.addLine('a', () => frame('a'));
  records.end(1);
  expect(records.full).toBe(false);
  for (let i = 1; i < 20_000; i++) records.end(1);
  expect(records.full).toBe(true);
  expect(taken(records)).toHaveLength(20_000);
  expect(records.full).toBe(false);
});

it('requests the frames for a text only once', () => {
  const records = new Records(LIMITS);
  const asked: string[] = [];
  const add = (text: string): boolean => records.addLine(text, () => (asked.push(text), frame(text)));
  for (const text of ['a', 'b', 'a']) add(text);
  records.end(1);
  expect(asked).toEqual(['a', 'b']);
  expect(taken(records)).toEqual(['a;b;a 1']);
});

it('ignores a source line without a preceding frame', () => {
  const records = new Records(LIMITS);
  const source = records.frames.addSource({ file: 'a.c', line: 7 });
  const word = records.frames.add(frame('a'));
  records.add(Uint32Array.of(source, word), 0, 2);
  records.end(1);
  expect([...records.take()[0]!][0]!.frames).toEqual([{ label: 'a' }]);
});

it('changes the leaf of the open record, if it has one', () => {
  const records = new Records(LIMITS);
  const change = (leaf: Frame): Frame => ({ ...leaf, address: '0x1' });
  records.mapLeaf(change);
  expect(records.length).toBe(0);
  for (const label of ['a', 'b']) records.addLine(label, () => frame(label));
  records.mapLeaf(change);
  records.end(1);
  expect([...records.take()[0]!][0]!.frames).toEqual([{ label: 'a', address: '0x1' }, { label: 'b' }]);
});

it('keeps a table that is not full, and moves a frame repeated within a record only once', () => {
  const records = new Records(LIMITS);
  const add = (label: string): boolean => records.addLine(label, () => frame(label));
  add('a');
  expect(records.makeRoom()).toBe(false);
  for (const label of ['b', 'c', 'd']) add(label);
  records.clear();
  for (const label of ['a', 'b', 'a']) add(label);
  expect(records.makeRoom()).toBe(true);
  expect(records.frames.table.size).toBe(2);
  records.end(1);
  expect(taken(records)).toEqual(['a;b;a 1']);
});

describe('at the end of an input', () => {
  it('there is no further batch if there are no further stacks and no further facts', () => {
    const records = new Records(LIMITS);
    records.end(1);
    expect(records.take()).toHaveLength(1);
    records.endInput();
    expect(records.take()).toEqual([]);
  });
  it('facts that became known after the last stack are in a batch without stacks', () => {
    const records = new Records(LIMITS);
    records.end(1);
    records.take();
    records.tally.lost = 3;
    records.endInput();
    const [batch, ...others] = records.take();
    expect(others).toEqual([]);
    expect(batch!.length).toBe(0);
    expect(batch!.facts).toEqual({ losses: { lost: 3 } });
  });
  it('the facts about an input without records are forgotten', () => {
    const records = new Records(LIMITS);
    records.facts.add({ unit: 'ns' });
    records.end(1);
    records.endInput();
    records.facts.add({ unit: 'cycles' });
    records.endInput();
    expect(records.take().at(-1)!.facts).toEqual({ unit: 'ns' });
  });
});

it('accepts the same facts for each record', () => {
  const records = new Records(LIMITS);
  const facts = { unit: 'ns' };
  for (const host of ['one', 'two']) {
    records.facts.add({ host });
    records.facts.add(facts);
    records.facts.add(facts);
    records.end(1);
  }
  expect(records.take()[0]!.facts).toEqual({ unit: 'ns', host: 'two' });
});

it('says that a sum above 2^53 may be inexact', () => {
  const records = new Records(LIMITS);
  records.end(Number.MAX_SAFE_INTEGER);
  expect(records.take()[0]!.facts).toEqual({});
  records.end(1);
  expect(records.take()[0]!.facts).toEqual({ inexact: true });
});

describe('a summary', () => {
  it('counts all damaged records, and lists the first hundred', () => {
    const records = new Records(LIMITS);
    for (let offset = 0; offset < 150; offset++) records.end(2, [], { offset, reason: 'control-byte' });
    const { damaged, damagedWeight, damage } = records.tally.summary();
    expect([damaged, damagedWeight]).toEqual([150, 300]);
    expect(damage.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
  it('counts the ignored lines, and shows the beginning of the first', () => {
    const { tally } = new Records(LIMITS);
    tally.ignore({ offset: 5, text: 'x'.repeat(2000) });
    tally.ignore({ offset: 2006, text: 'y' });
    expect(tally.summary()).toMatchObject({
      ignoredLines: 2,
      firstIgnored: { offset: 5, text: 'x'.repeat(1000) },
      complete: true,
    });
  });
});
