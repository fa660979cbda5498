import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextBuffer, TextSpool, type SpillStore } from '../src/index.ts';

/** Creates an in-memory spill store that counts open files and created files. */
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
        // may read fewer bytes than requested, like a real file
        read: (into: Uint8Array, position: number) => bytes.copy(into, 0, position, position + 50_000),
        remove: () => void store.open--,
      };
    },
  };
  return store;
}

it('text is read back complete and in order, however much of it was written to a file', () => {
  const someText = fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 40_000 }))
    .map(([text, times]) => text.repeat(Math.ceil(times / text.length)));
  fc.assert(
    fc.property(fc.array(someText, { maxLength: 12 }), (texts) => {
      const store = memoryStore();
      const spool = new TextSpool(store);
      for (const text of texts) {
        spool.text(text);
        spool.number(text.length);
      }
      const expected = texts.map((text) => `${text}${text.length}`).join('');
      const pieces = Array.from(spool.take(), (piece) => piece.slice());
      expect(Buffer.concat(pieces).toString()).toBe(expected);
      expect(store.open).toBe(0);
    }),
  );
});

it('short text needs no file, and a file is closed even if it is never read', () => {
  const store = memoryStore();
  const spool = new TextSpool(store);
  spool.text('a few words');
  expect(store.created).toBe(0);
  spool.text('x'.repeat(1 << 16));
  expect(store.open).toBe(1);
  spool.dispose();
  expect(store.open).toBe(0);
});

it('a number that no longer fits into memory is written to a file', () => {
  const store = memoryStore();
  const spool = new TextSpool(store);
  spool.text('x'.repeat((1 << 16) - 1));
  expect(store.created).toBe(0);
  spool.number(12);
  expect(store.created).toBe(1);
  const pieces = Array.from(spool.take(), (piece) => Buffer.from(piece).toString());
  expect(pieces.join('')).toBe(`${'x'.repeat((1 << 16) - 1)}12`);
});

it('numbers are written as in JSON, and text as UTF-8', () => {
  const someNumber = fc.oneof(
    fc.nat(),
    fc.constantFrom(0, 9, 10, 2 ** 31 - 1, 2 ** 31, 2 ** 53, -1, 1e21),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  );
  const somePart = fc.oneof(someNumber, fc.string({ unit: 'grapheme', maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(somePart), (parts) => {
      const buffer = new TextBuffer();
      for (const part of parts)
        if (typeof part === 'number') buffer.number(part);
        else buffer.text(part);
      const text = parts.map((part) => (typeof part === 'number' ? JSON.stringify(part) : part)).join('');
      expect(buffer.length).toBe(Buffer.byteLength(text));
      expect(Buffer.from(buffer.take()).toString()).toBe(text);
      expect(buffer.length).toBe(0);
    }),
  );
});
