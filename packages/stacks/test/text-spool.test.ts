import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextSpool, type SpillStore } from '../src/index.ts';

/** Files in memory, which tell how many are open and which bytes they have. */
function memoryStore(): SpillStore & { open: number; created: number } {
  const store = {
    open: 0,
    created: 0,
    create: () => {
      store.open++;
      store.created++;
      let bytes = Buffer.alloc(0);
      return {
        write: (piece: Uint8Array) => void (bytes = Buffer.concat([bytes, piece])),
        // less than is asked for, as a file may do
        read: (into: Uint8Array, position: number) => bytes.copy(into, 0, position, position + 50_000),
        remove: () => void store.open--,
      };
    },
  };
  return store;
}

it('text comes back whole and in order, whatever went to a file', () => {
  const someText = fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 40_000 }))
    .map(([text, times]) => text.repeat(Math.ceil(times / text.length)));
  fc.assert(
    fc.property(fc.array(someText, { maxLength: 12 }), (texts) => {
      const store = memoryStore();
      const spool = new TextSpool(store);
      for (const text of texts) spool.add(text);
      expect(Buffer.concat([...spool.take()]).toString()).toBe(texts.join(''));
      expect(store.open).toBe(0);
    }),
  );
});

it('a little text needs no file; a file is given back unread, too', () => {
  const store = memoryStore();
  const spool = new TextSpool(store);
  spool.add('a few words');
  expect(store.created).toBe(0);
  spool.add('x'.repeat(1 << 16));
  expect(store.open).toBe(1);
  spool.dispose();
  expect(store.open).toBe(0);
});
