import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startReading } from '../../../testing/processes.ts';
import { referencePages } from '../../docs/reference.ts';
import { pageOf, ROOT } from './pages.ts';

const MAIN = `${ROOT}packages/cli/bundle/bin/main.js`;

it('docs/reference/ matches the code; node tools/docs/make.mjs rewrites it', async () => {
  for (const { file, text } of await referencePages(pathToFileURL(ROOT)))
    expect(pageOf(`docs/${file}`).text, file).toBe(text);
});

it.each(['README.md', 'README.zh-CN.md'])('%s lists the existing exit codes', (file) => {
  const codes = readFileSync(`${ROOT}packages/cli/src/exit.ts`, 'utf8').match(/(?<=^ {2}[A-Z_]+: )\d+/gm)!;
  expect(codes.length).toBeGreaterThan(9);
  const listed = pageOf(file).text.match(/(?<=^\| )\d+(?= +\|)/gm);
  expect(listed).toEqual(codes);
});

it('docs/summary.md has every field that a summary has', async () => {
  const directory = temporaryDirectory('summary-');
  mkdirSync(directory, { recursive: true });
  const page = pageOf('docs/summary.md').text;
  const perl = `${ROOT}examples/perl`;
  const runs = [
    ['flame', `${ROOT}examples/damaged/trace.txt`],
    ['fold', `${perl}/trace.txt`, '--focus', 'perl_run'],
    ['render', `${perl}/folded.txt`],
    ['fold', `${ROOT}packages/dtrace-parser/test/fixtures/keys/trace.txt`],
    ['merge', `${perl}/folded.txt`],
    ['top', `${perl}/trace.txt`],
    ['parse', `${perl}/trace.txt`],
    ['diff', `${perl}/folded.txt`, `${perl}/folded.txt`],
  ];
  const fields = new Set<string>();
  for (const words of runs) {
    const summary = join(directory, 'summary.json');
    const { child, end } = startReading(
      process.execPath,
      [MAIN, ...words, '--summary', summary, '-o', join(directory, 'output.folded')],
      { cwd: directory },
    );
    child.stdin!.end();
    const { code, stderr } = await end;
    expect([0, 75], stderr).toContain(code);
    for (const field of fieldsOf(JSON.parse(readFileSync(summary, 'utf8')) as object)) fields.add(field);
  }
  expect(fields.size).toBeGreaterThan(30);
  const missing = [...fields].filter((field) => {
    const last = field.slice(field.lastIndexOf('.') + 1);
    return !page.includes(`\`${field}\``) && !page.includes(`\`${last}\``);
  });
  expect(missing).toEqual([]);
});

/** Yields the names of all fields, such as `trace.bytes`. The fields of a list are those of its elements. */
function* fieldsOf(value: object, prefix = ''): Generator<string> {
  if (Array.isArray(value)) {
    for (const each of value as readonly unknown[]) if (isObject(each)) yield* fieldsOf(each, prefix);
    return;
  }
  for (const [name, inner] of Object.entries(value) as readonly [string, unknown][]) {
    yield `${prefix}${name}`;
    if (isObject(inner)) yield* fieldsOf(inner, `${prefix}${name}.`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
