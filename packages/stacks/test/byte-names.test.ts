import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteNames } from '../src/byte-names.ts';

/** Short names made from a few letters, so that many share a prefix or are prefixes of each other. */
const names = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u0000'), minLength: 1, maxLength: 12 }),
    fc.string({ minLength: 1 }),
  ),
  { maxLength: 200 },
);

function filled(table: ByteNames, all: readonly string[]): Uint32Array {
  return Uint32Array.from(all, (name) => {
    const bytes = Buffer.from(name);
    return table.intern(bytes, 0, bytes.length);
  });
}

it('sorts names by their bytes, prefixes first', () => {
  fc.assert(
    fc.property(names, (all) => {
      const table = new ByteNames();
      const numbers = filled(table, all);
      table.sort(numbers);
      const sorted = Array.from(numbers, (number) => Buffer.from(table.name(number)));
      expect(sorted).toEqual(all.map((name) => Buffer.from(name)).toSorted(Buffer.compare));
    }),
  );
});

it('sorts names that share a prefix of thousands of bytes', () => {
  const shared = 'x'.repeat(5000);
  const all = Array.from({ length: 100 }, (_, i) => shared + String((i * 37) % 100).padStart(2, '0'));
  const table = new ByteNames();
  const numbers = filled(table, all);
  table.sort(numbers);
  expect(Array.from(numbers, (number) => Buffer.from(table.name(number)).toString())).toEqual(all.toSorted());
});

it('starts numbering from 1 again after it is cleared', () => {
  const table = new ByteNames();
  filled(table, ['main', 'read', 'write']);
  table.clear();
  expect([...filled(table, ['write', 'main', 'write'])]).toEqual([1, 2, 1]);
  expect(Buffer.from(table.name(1)).toString()).toBe('write');
});

it('finds only names that were added', () => {
  fc.assert(
    fc.property(names, names, (all, others) => {
      const table = new ByteNames();
      const numbers = filled(table, all);
      const find = (name: string): number => table.find(Buffer.from(name), 0, Buffer.byteLength(name));
      expect(all.map(find)).toEqual([...numbers]);
      for (const name of others) if (!all.includes(name)) expect(find(name)).toBe(0);
    }),
  );
});

it('removes names, renumbers the others in order, and then still accepts new names', () => {
  fc.assert(
    fc.property(names, fc.infiniteStream(fc.boolean()), (all, choices) => {
      const table = new ByteNames();
      filled(table, all);
      const isKept = Uint8Array.from([0, ...all.map(() => Number(choices.next().value))]);
      const moved = table.keepOnly(isKept);
      const kept = all.filter((_, i) => isKept[i + 1] === 1);
      expect(table.size).toBe(kept.length + 1);
      expect(moved.length).toBe(all.length + 1);
      all.forEach((name, i) => expect(moved[i + 1]).toBe(kept.indexOf(name) + 1));
      expect(kept.map((_, i) => Buffer.from(table.name(i + 1)).toString())).toEqual(
        kept.map((name) => Buffer.from(name).toString()),
      );
      const again = filled(table, all);
      all.forEach((name, i) => {
        expect(Buffer.from(table.name(again[i]!))).toEqual(Buffer.from(name));
        if (kept.includes(name)) expect(again[i]).toBe(moved[i + 1]);
      });
    }),
  );
});
