import { afterAll, beforeEach } from 'vitest';
import { mark, undoDownTo } from './cleanup.ts';
import { configureProperties } from './properties.ts';

configureProperties();

beforeEach(() => {
  const before = mark();
  return () => undoDownTo(before);
});
afterAll(() => undoDownTo(0));
