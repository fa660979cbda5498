import { expect, it } from 'vitest';
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
