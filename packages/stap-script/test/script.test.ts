import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createScriptGenerator, generateScript, ScriptError, type ScriptOptions } from '../src/index.ts';

const EXAMPLES: readonly (readonly [name: string, options: ScriptOptions])[] = [
  ['stream-both', { pid: 21865, seconds: 50, user: true, kernel: true }],
  ['stream-user', { pid: 21865, seconds: 50, user: true }],
  ['stream-kernel', { pid: 21865, seconds: 50, kernel: true }],
  ['aggregate-both', { pid: 21865, seconds: 50, user: true, kernel: true, limit: 1024 }],
  ['aggregate-user', { pid: 21865, seconds: 50, user: true, limit: 1024 }],
];

it.each(EXAMPLES)('the script %s is the one that was reviewed', async (name, options) => {
  await expect(generateScript(options).text).toMatchFileSnapshot(`fixtures/${name}.stp`);
});

it('without -u and -k takes both stacks', () => {
  expect(generateScript({ pid: 1, seconds: 1 }).text).toBe(
    generateScript({ pid: 1, seconds: 1, user: true, kernel: true }).text,
  );
});

it('only reads kernel stacks where the sample hit the kernel', () => {
  for (const [, options] of EXAMPLES) {
    const { text } = generateScript(options);
    if (/ backtrace\(\)|print_backtrace/.test(text))
      expect(text).toMatch(/!user_mode\(\)|user_mode\(\) \? ""/);
  }
});

it.each(EXAMPLES)('the script %s always ends: by time, and with its target', (_, options) => {
  const { text } = generateScript(options);
  expect(text).toMatch(
    new RegExp(
      `probe timer\\.s\\(${options.seconds + (options.limit === undefined ? 0 : 2)}\\) \\{ exit\\(\\) \\}`,
    ),
  );
  expect(text).toContain(`if (!pid2task(${options.pid})) exit()`);
});

it('takes no shared lock when it streams: the sampling probe assigns no global', () => {
  const { text } = generateScript({ pid: 7, seconds: 3 });
  expect(text).toContain('hits <<< 1');
  expect(text).not.toMatch(/^\s*hits\s*(\+\+|\+?=)/m);
});

it('refuses what is no number or out of range, and names the option', () => {
  for (const [field, value] of [
    ['pid', 0],
    ['pid', 1.5],
    ['pid', '1; exit()'],
    ['seconds', -1],
    ['limit', 0],
    ['frequency', 1e9],
  ] as const) {
    const options = { pid: 1, seconds: 1, [field]: value } as ScriptOptions;
    expect(() => generateScript(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(field) }),
    );
  }
});

it('pastes no text from options into a script', () => {
  const hostile = fc.dictionary(
    fc.constantFrom('pid', 'seconds', 'limit', 'user', 'kernel', 'frequency', 'maxBacktrace'),
    fc.anything(),
  );
  fc.assert(
    fc.property(hostile, (options) => {
      try {
        const { text } = generateScript({ pid: 1, seconds: 1, ...options } as ScriptOptions);
        expect(text.replaceAll(/\d+/g, 'N').length).toBeLessThan(2000);
      } catch (error) {
        expect(error).toBeInstanceOf(ScriptError);
      }
    }),
    { numRuns: 500 },
  );
});

it('is a stage: option objects in, script text out', async () => {
  const generator = createScriptGenerator();
  Readable.from([{ pid: 21865, seconds: 50, user: true }]).pipe(generator);
  expect(await text(generator)).toBe(
    readFileSync(new URL('fixtures/stream-user.stp', import.meta.url), 'utf8'),
  );
});

it('as a stage fails with the error of the options', async () => {
  const generator = createScriptGenerator();
  Readable.from([{ pid: -1, seconds: 50 }]).pipe(generator);
  await expect(text(generator)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
});
