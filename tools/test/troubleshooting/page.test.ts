import { readFileSync } from 'node:fs';
import { documentMessages } from '@stapflame/stap-doctor';
import { expect, it } from 'vitest';
import { page } from '../../troubleshooting/page.ts';

const WRITTEN = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');

it('docs/troubleshooting.md is what the table says; node tools/troubleshooting/make.mjs writes it anew', async () => {
  expect(WRITTEN).toBe(await page());
});

it('has a heading for every finding of a message', () => {
  const headings = WRITTEN.split('\n')
    .filter((line) => line.startsWith('### '))
    .map((line) => line.slice(4));
  const codes = documentMessages().flatMap(({ messages }) => messages.map(({ finding }) => finding.code));
  expect(headings).toEqual(expect.arrayContaining(codes));
});
