import { expect, it } from 'vitest';
import { Fields } from '../../src/files/fields.ts';

const BYTES = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0, 0);

it('a number is read in either byte order', () => {
  const little = new Fields(BYTES);
  expect([little.u16(1), little.u32(1), little.u64(1)]).toEqual([0x0302, 0x05040302, 0x070605040302]);
  const big = new Fields(BYTES, false);
  expect([big.u16(1), big.u32(1), big.u64(1)]).toEqual([0x0203, 0x02030405, Number(0x0203040506070000n)]);
  expect(little.big32(0)).toBe(0x01020304);
});

it('a number that is not completely within the bytes is 0, because a file may be damaged or malicious', () => {
  const fields = new Fields(BYTES);
  expect([fields.byte(9), fields.u16(8), fields.u32(6), fields.u64(2)]).toEqual([0, 0, 0, 0]);
});
