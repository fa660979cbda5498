import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
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

it('starts numbering from 1 again after the table is cleared', () => {
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

it('compares names by their bytes, prefixes first', () => {
  fc.assert(
    fc.property(names, (all) => {
      const table = new ByteNames();
      const numbers = filled(table, all);
      for (const [i, a] of numbers.entries()) {
        const b = numbers[(i * 7) % numbers.length]!;
        const expected = Buffer.compare(table.name(a), table.name(b));
        expect(Math.sign(table.compare(a, b))).toBe(expected);
      }
    }),
  );
});

it('finds every name after the table has grown', () => {
  const all = Array.from({ length: 5000 }, (_, i) => `name ${i}`);
  const table = new ByteNames();
  const numbers = filled(table, all);
  expect(numbers).toEqual(Uint32Array.from(all, (_, i) => i + 1));
  expect(filled(table, all)).toEqual(numbers);
  expect(table.size).toBe(5001);
  expect(all.every((name, i) => Buffer.from(table.name(i + 1)).toString() === name)).toBe(true);
});

it('sorts many names that end within the first bytes compared', () => {
  const all = Array.from({ length: 600 }, (_, i) => ((i * 7) % 600).toString(26));
  const table = new ByteNames();
  const numbers = filled(table, all);
  table.sort(numbers);
  expect(Array.from(numbers, (number) => Buffer.from(table.name(number)).toString())).toEqual(all.toSorted());
});

it('treats equal bytes of different kinds as different names, and sorts these names next to each other', () => {
  const table = new ByteNames();
  const intern = (name: string, kind: number): number =>
    table.intern(Buffer.from(name), 0, Buffer.byteLength(name), kind);
  const numbers = Uint32Array.of(intern('read', 0), intern('main', 0), intern('read', 3));
  expect([...numbers]).toEqual([1, 2, 3]);
  expect(intern('read', 3)).toBe(3);
  expect(Array.from(numbers, (number) => table.kind(number))).toEqual([0, 0, 3]);
  table.sort(numbers);
  expect(numbers[0]).toBe(2);
});

it.each([
  ['length', 'xxvbgt', 'lhqmf', 0],
  ['kind', 'wcxef', 'wlanp', 1],
  ['bytes', 'mlzsv', 'topdy', 0],
] as const)('distinguishes names with the same hash by their %s', (_, one, other, kind) => {
  // these pairs have the same hash if the table's seed is 0
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  const table = new ByteNames();
  random.mockRestore();
  expect(table.intern(Buffer.from(one), 0, one.length)).toBe(1);
  expect(table.find(Buffer.from(other), 0, other.length, kind)).toBe(0);
  expect(table.intern(Buffer.from(other), 0, other.length, kind)).toBe(2);
});
