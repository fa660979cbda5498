import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentMessages } from '@stapflame/stap-doctor';
import { expect, it } from 'vitest';
import { page } from '../../troubleshooting/page.ts';

const WRITTEN = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
const HEADINGS: ReadonlySet<string> = new Set(
  WRITTEN.split('\n')
    .filter((line) => line.startsWith('### '))
    .map((line) => line.slice(4)),
);
const SOURCES = fileURLToPath(new URL('../../../packages/stap-doctor/src/', import.meta.url));

it('docs/troubleshooting.md matches the table; node tools/troubleshooting/make.mjs rewrites it', async () => {
  expect(WRITTEN).toBe(await page());
});

it('has a heading for every finding of a message', () => {
  const codes = documentMessages().flatMap(({ messages }) => messages.map(({ finding }) => finding.code));
  expect(codes.filter((code) => !HEADINGS.has(code))).toEqual([]);
});

it('has a heading for every finding of the machine, of files and of traces', () => {
  const files = ['preflight', 'symbols', 'weight'].flatMap((folder) =>
    readdirSync(`${SOURCES}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`${SOURCES}${folder}/${file}`, 'utf8')),
  );
  const codes = files.flatMap((text) =>
    // a finding's code comes before its severity, or is an argument to a function that makes the finding
    [...text.matchAll(/\b(?:code: |blocked\(|found\(\w+, |missing\('\w+', )(?:\w+ \? )?'([a-z-]+)'/g)].map(
      ([, code]) => code!,
    ),
  );
  const options = files.flatMap((text) =>
    [...text.matchAll(/options: .*/g)].flatMap(([line]) => line.match(/(?<=')[A-Z_]+(?=')/g) ?? []),
  );
  expect(options).toContain('PERF_EVENTS');
  codes.push(...options.map((option) => `kernel-without-${option.toLowerCase().replaceAll('_', '-')}`));
  expect(codes.length).toBeGreaterThan(25);
  expect(codes.filter((code) => !HEADINGS.has(code))).toEqual([]);
});
