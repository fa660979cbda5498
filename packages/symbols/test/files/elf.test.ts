import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElf, type ElfFile, type ReadAt } from '../../src/files/elf.ts';
import { exportedFunctions } from '../../src/files/exported-functions.ts';

const bytesOf = (name: string): Uint8Array =>
  readFileSync(new URL(`../fixtures/elf/${name}`, import.meta.url));
const read = (bytes: Uint8Array): ElfFile | undefined =>
  readElf((offset, length) => bytes.subarray(offset, offset + length));

describe('an ELF file', () => {
  it.each([
    [
      'stripped/pie',
      { buildId: '83b1cefa8dcbdb2eb5a85adcb96b0f7d972cd2d4', base: 0, names: false, dwarf: false },
    ],
    [
      'debug/pie.debug',
      { buildId: '83b1cefa8dcbdb2eb5a85adcb96b0f7d972cd2d4', base: 0, names: true, dwarf: true },
    ],
    [
      'stripped/fixed',
      { buildId: '2abcf15f210e675fd6bdfb45016ac595f3078080', base: 0x400000, names: false, dwarf: false },
    ],
    [
      'debug/fixed.debug',
      { buildId: '2abcf15f210e675fd6bdfb45016ac595f3078080', base: 0x400000, names: true, dwarf: true },
    ],
    [
      'debug/merged.debug',
      { buildId: 'd21e3e6df6edb264cc3a05d8b247703d49bc6f12', base: 0, names: true, dwarf: true },
    ],
    [
      'stripped/prelinked',
      { buildId: '109c2fd1aaf31e76fa56fba6f4eeb585cf6009af', base: 0x3000000, names: false, dwarf: false },
    ],
  ])('yields the facts that readelf prints: %s', (name, expected) => {
    expect(read(bytesOf(name))).toMatchObject(expected);
  });

  it('is distinguished from other files', () => {
    expect(read(new Uint8Array())).toBeUndefined();
    expect(read(new TextEncoder().encode('#!/bin/sh\n'.repeat(20)))).toBeUndefined();
    expect(read(bytesOf('stripped/pie').subarray(0, 60))).toBeUndefined();
  });

  it('is read only in part and without an error, whatever it contains', () => {
    const pie = bytesOf('debug/pie.debug');
    const change = fc.tuple(fc.nat(pie.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.nat(0x40), (changes, more) => {
        const bytes = Uint8Array.from(pie);
        for (const [at, byte] of changes) bytes[more > 0x20 ? at % 0x40 : at] = byte;
        let most = 0;
        const readAt: ReadAt = (offset, length) => {
          most = Math.max(most, length);
          return bytes.subarray(offset, offset + length);
        };
        const elf = readElf(readAt);
        if (elf) exportedFunctions({ ...elf, names: false }, readAt);
        expect(most).toBeLessThanOrEqual(1 << 23);
      }),
    );
  });
});

/** Creates a 32-bit, big-endian file that exports these symbols, each with a size, a type and a section. */
function narrowFile(
  symbols: readonly (readonly [name: string, size: number, type: number, section: number])[],
): Buffer {
  const names = Buffer.from(`\0${symbols.map(([name]) => `${name}\0`).join('')}`);
  const table = Buffer.alloc(symbols.length * 16);
  let nameAt = 1;
  for (const [i, [name, size, type, section]] of symbols.entries()) {
    table.writeUInt32BE(nameAt, i * 16);
    table.writeUInt32BE(0x1000 + i * 0x100, i * 16 + 4);
    table.writeUInt32BE(size, i * 16 + 8);
    table.writeUInt8(type, i * 16 + 12);
    table.writeUInt16BE(section, i * 16 + 14);
    nameAt += name.length + 1;
  }
  const header = Buffer.alloc(52);
  header.write('\x7fELF\x01\x02', 'latin1');
  header.writeUInt32BE(52, 28); // one segment
  header.writeUInt32BE(84, 32); // three sections
  for (const [at, value] of [
    [42, 32],
    [44, 1],
    [46, 40],
    [48, 3],
  ] as const)
    header.writeUInt16BE(value, at);
  const words = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
    return bytes;
  };
  const segment = words(1, 0, 0x10_0010, 0, 0, 0, 0, 0);
  const [empty, dynsym, dynstr] = [
    words(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    words(0, 11, 0, 0, 204, table.length, 2, 0, 0, 16),
    words(0, 3, 0, 0, 204 + table.length, names.length, 0, 0, 0, 0),
  ];
  return Buffer.concat([header, segment, empty, dynsym, dynstr, table, names]);
}

describe('a 32-bit, big-endian file', () => {
  const file = narrowFile([
    ['first', 0x14, 2, 1],
    ['', 5, 2, 1],
    ['two\nlines', 6, 2, 1],
    ['imported', 0, 2, 0],
    ['table', 16, 1, 1],
    ['thread_local', 4, 6, 1],
    ['last', 9, 2, 1],
  ]);

  it('is read like a 64-bit, little-endian file', () => {
    expect(read(file)).toMatchObject({
      buildId: undefined,
      base: 0x10_0000,
      names: false,
      exported: { bits: 32, littleEndian: false },
    });
  });

  it('exports its functions, except those whose names do not fit on one line', () => {
    const functions = exportedFunctions(read(file)!, (offset, length) =>
      file.subarray(offset, offset + length),
    );
    expect(functions).toBe('14 first\n9 last\n');
  });
});

describe('the exported functions of a file', () => {
  const exportedBy = (name: string): string | undefined => {
    const bytes = bytesOf(name);
    return exportedFunctions(read(bytes)!, (offset, length) => bytes.subarray(offset, offset + length));
  };

  it('are returned with their sizes, without data and imports, if the file names no other functions', () => {
    // nm -D --defined-only -S exported/stripped.so
    expect(exportedBy('exported/stripped.so')!.split('\n').toSorted()).toEqual(['', '14 first', '9 last']);
  });

  it('are not returned if the file names all functions', () => {
    expect(exportedBy('exported/whole.so')).toBeUndefined();
  });

  it('are not returned if the file exports none', () => {
    expect(exportedBy('stripped/pie')).toBeUndefined();
  });
});
