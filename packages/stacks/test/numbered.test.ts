import { expect, it } from 'vitest';
import { Numbered } from '../src/index.ts';

it('each key has one number, and a new key is reported once', () => {
  const numbers = new Numbered(1);
  const told: [string, number][] = [];
  const numberOf = (key: string): number => numbers.numberOf(key, (number) => told.push([key, number]));
  expect(['a', 'b', 'a'].map(numberOf)).toEqual([1, 2, 1]);
  expect(told).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(numbers.next).toBe(3);
});

it('older keys get new numbers if there are too many keys', () => {
  const numbers = new Numbered(0, 2);
  const numberOf = (key: string): number => numbers.numberOf(key, () => undefined);
  expect(['a', 'b', 'a', 'c', 'c', 'a'].map(numberOf)).toEqual([0, 1, 0, 2, 2, 3]);
});
