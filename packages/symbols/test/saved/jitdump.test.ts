import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJitdump, KnownCode, perfMapOfJitdump } from '../../src/index.ts';

type Field = readonly [bytes: 4 | 8, value: number];

class Dump {
  readonly isLittle: boolean;
  readonly #pieces: Uint8Array[] = [];

  constructor(isLittle: boolean) {
    this.isLittle = isLittle;
    this.#pieces.push(
      this.#numbers([4, 0x4a695444], [4, 1], [4, 40], [4, 62], [4, 0], [4, 7], [8, 0], [8, 0]),
    );
  }

  load(index: number, address: number, size: number, name: string): this {
    const text = new TextEncoder().encode(`${name}\0`);
    const code = new Uint8Array(size).fill(0xcc);
    const fields: Field[] = [
      [4, 7],
      [4, 7],
      [8, address],
      [8, address],
      [8, size],
      [8, index],
    ];
    return this.record(0, this.#numbers(...fields), text, code);
  }

  move(index: number, from: number, to: number, size: number): this {
    const fields: Field[] = [
      [4, 7],
      [4, 7],
      [8, to],
      [8, from],
      [8, to],
      [8, size],
      [8, index],
    ];
    return this.record(1, this.#numbers(...fields));
  }

  record(kind: number, ...pieces: Uint8Array[]): this {
    const size = pieces.reduce((sum, { length }) => sum + length, 16);
    this.#pieces.push(this.#numbers([4, kind], [4, size], [8, 99]), ...pieces);
    return this;
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  #numbers(...fields: Field[]): Uint8Array {
    const bytes = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
    let at = 0;
    for (const [size, value] of fields) {
      if (size === 4) bytes.setUint32(at, value, this.isLittle);
      else bytes.setBigUint64(at, BigInt(value), this.isLittle);
      at += size;
    }
    return new Uint8Array(bytes.buffer);
  }
}

const nameAt = (bytes: Uint8Array, address: number): unknown =>
  new KnownCode([], [perfMapOfJitdump(bytes)]).codeAt(address);

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('a %s jitdump', (_, isLittle) => {
  it('names the code that it contains', () => {
    const { bytes } = new Dump(isLittle)
      .load(1, 0x7f0000001000, 0x20, 'LazyCompile:*hot /srv/a.js:3')
      .record(2, new Uint8Array(24))
      .load(2, 0x7f0000002000, 0x10, 'Builtin:Add');
    expect(isJitdump(bytes)).toBe(true);
    expect(nameAt(bytes, 0x7f000000101f)).toEqual({ jit: 'LazyCompile:*hot /srv/a.js:3' });
    expect(nameAt(bytes, 0x7f0000002000)).toEqual({ jit: 'Builtin:Add' });
    expect(nameAt(bytes, 0x7f0000001020)).toBeUndefined();
  });

  it('names moved code at its new address, and code that was later loaded at the old one', () => {
    const { bytes } = new Dump(isLittle)
      .load(1, 0x1000, 0x20, 'first')
      .move(1, 0x1000, 0x3000, 0x20)
      .load(2, 0x1000, 0x20, 'second');
    expect(nameAt(bytes, 0x3010)).toEqual({ jit: 'first' });
    expect(nameAt(bytes, 0x1010)).toEqual({ jit: 'second' });
  });

  it('is read up to its last complete record', () => {
    const { bytes } = new Dump(isLittle).load(1, 0x1000, 0x20, 'first').load(2, 0x2000, 0x20, 'second');
    for (let length = 0; length < bytes.length; length++)
      expect(nameAt(bytes.subarray(0, length), 0x2000)).toBeUndefined();
    expect(nameAt(bytes.subarray(0, -1), 0x1000)).toEqual({ jit: 'first' });
  });
});

it('a name that contains a line of a perf map remains a single name', () => {
  const { bytes } = new Dump(true).load(1, 0x1000, 0x20, 'a\n2000 20 forged\r\u001b[2J');
  expect(nameAt(bytes, 0x1000)).toEqual({ jit: 'a 2000 20 forged  [2J' });
  expect(nameAt(bytes, 0x2000)).toBeUndefined();
});

it.each(['', ' ', '\n'])('code with the name %j is named [unknown]', (name) => {
  const { bytes } = new Dump(true).load(1, 0x1000, 0x20, name);
  expect(nameAt(bytes, 0x1000)).toEqual({ jit: '[unknown]' });
});

it('any bytes are read without an error, and the output size is bounded', () => {
  const { bytes } = new Dump(true).load(1, 0x1000, 0x20, 'first').move(1, 0x1000, 0x3000, 0x20);
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.uint8Array(), (changes, more) => {
      const damaged = Uint8Array.from([...bytes, ...more]);
      for (const [at, byte] of changes) damaged[at] = byte;
      expect(perfMapOfJitdump(damaged).length).toBeLessThan(10 * damaged.length);
    }),
  );
});
