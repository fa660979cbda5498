import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createScriptGenerator, generateScript, ScriptError, type ScriptOptions } from '../src/index.ts';
import { EXAMPLES } from './examples.ts';

it.each(EXAMPLES)('the script %s matches its golden script', async (name, options) => {
  const { text, stapArguments } = generateScript(options);
  await expect(`// stap ${stapArguments.join(' ')} -\n${text}`).toMatchFileSnapshot(`fixtures/${name}.stp`);
});

it('samples both stacks if neither user nor kernel stacks are requested', () => {
  expect(generateScript({ pid: 1, seconds: 1 }).text).toBe(
    generateScript({ pid: 1, seconds: 1, user: true, kernel: true }).text,
  );
});

it.each(EXAMPLES.filter(([, options]) => options.kind !== 'off-cpu'))(
  'the script %s unwinds kernel stacks only if the sample hit the kernel',
  (_, options) => {
    const source = generateScript(options).text;
    for (const line of source.split('\n').filter((line) => /\b(print_)?backtrace\(\)/.test(line)))
      expect(/user_mode\(\)/.test(line) || source.includes('if (!user_mode() && (')).toBe(true);
  },
);

it.each(EXAMPLES.filter(([, options]) => options.seconds !== undefined))(
  'the script %s ends after the requested time, and stap ends it a little later if it has not ended by then',
  (_, options) => {
    const script = generateScript(options);
    const ends = [
      ...script.text.matchAll(/probe timer\.s\((\d+)\) \{ (?:ended = ktime_get_ns\(\); )?exit\(\) \}/g),
    ].map(([, s]) => Number(s));
    expect(ends).toHaveLength(1);
    expect(ends[0]).toBeLessThanOrEqual(options.seconds! + 2);
    expect(script.stapArguments[script.stapArguments.indexOf('-T') + 1]).toBe(String(options.seconds! + 10));
  },
);

it.each(EXAMPLES.filter(([, { system }]) => !system))(
  'the script %s ends when its target ends',
  (_, options) => {
    expect(generateScript(options).text).toMatch(/if \(!pid2task\([^\n]*\) exit\(\)/);
  },
);

it.each(EXAMPLES.filter(([, { kind, distribution }]) => kind === 'off-cpu' && !distribution))(
  'the script %s unwinds no stacks in the probe that saves the time, and none for a preempted thread',
  (_, options) => {
    const probes = generateScript(options).text.split(/^probe /m);
    const of = (point: string): readonly string[] => probes.filter((probe) => probe.startsWith(point));
    for (const probe of of('kernel.function("schedule")'))
      expect(probe).toMatch(/if \(!state \|\| state & 0x80\) next[\s\S]*backtrace\(\)/);
    for (const probe of of('perf.sw.context_switches')) expect(probe).not.toContain('backtrace');
    for (const probe of of('kernel.function("finish_task_switch*")').filter((text) =>
      text.includes('backtrace'),
    ))
      expect(probe).toMatch(/now = ktime_get_ns\(\)[\s\S]*if \(!left \|\| state \|\| [\s\S]*backtrace\(\)/);
  },
);

it.each([
  ['comm', 'printf("#= %s\\n", names[thread])'],
  ['thread', 'printf("#= %s/%d\\n", names[thread], thread)'],
  ['none', undefined],
] as const)(
  'with root %s, prints the matching root frame for a thread that is still waiting',
  (root, line) => {
    const { text } = generateScript({ pid: 1, seconds: 1, kind: 'off-cpu', root });
    const waiting = text.slice(text.indexOf('[still waiting]'));
    if (line === undefined) expect(text).not.toContain('names');
    else expect(waiting).toContain(line);
  },
);

it('prints no lines that older folding tools misread if the classic format is requested', () => {
  for (const [, options] of EXAMPLES.filter(([, { addresses }]) => !addresses))
    expect(generateScript({ ...options, format: 'classic' }).text).not.toMatch(/printf\("#/);
});

it.each([
  ['pid', { pid: 0 }],
  ['pid', { pid: 1.5 }],
  ['pid', { pid: '1; exit()' }],
  ['pids.1', { pid: undefined, pids: [1, -1] }],
  ['pid', { pids: [2] }],
  ['pid', { pid: undefined }],
  ['tree', { pid: undefined, system: true, tree: true }],
  ['mode', { pid: undefined, seconds: undefined, command: 'sleep 1', mode: 'aggregate' }],
  ['sysroot', { sysroot: 'root' }],
  ['sysroot', { sysroot: '/root', kind: 'off-cpu' }],
  ['seconds', { seconds: -1 }],
  ['seconds', { seconds: undefined }],
  ['limit', { limit: 0 }],
  ['frequency', { frequency: 1e9 }],
  ['event', { event: 'never' }],
  ['distribution', { kind: 'off-cpu', distribution: true, limit: 5 }],
  ['distribution', { distribution: true }],
  ['maxWait', { kind: 'off-cpu', minWait: 10, maxWait: 9 }],
  ['addresses', { addresses: true, kind: 'off-cpu' }],
  ['addresses', { addresses: true, limit: 5 }],
  ['addresses', { addresses: true, format: 'classic' }],
  ['maxBacktrace', { addresses: true, maxBacktrace: 106 }],
  ['modules.0', { modules: ['-x'] }],
  ['command', { pid: undefined, command: 'a\0b' }],
  ['frequenzy', { frequenzy: 99 }],
])('rejects the option %s in %j, and names it', (option, given) => {
  const options = { pid: 1, seconds: 1, ...given } as ScriptOptions;
  expect(() => generateScript(options)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTIONS',
      option,
      message: expect.stringContaining(`${option}: `),
    }),
  );
});

it("with addresses, calls no function that needs symbols and takes all of a sample's stacks before it prints", () => {
  const lean = EXAMPLES.filter(([, { addresses }]) => addresses);
  expect(lean.length).toBeGreaterThan(0);
  for (const [, options] of lean) {
    const { text, estimate } = generateScript(options);
    expect(text).not.toMatch(/print_u?backtrace|print_u?stack|sprint_u?backtrace|u?symname/);
    const [, probe] = /^probe perf\.[^{]*(\{[\s\S]*?^\})/m.exec(text)!;
    expect(probe!.lastIndexOf('backtrace()')).toBeLessThan(probe!.indexOf('printf'));
    const named = generateScript({ ...options, addresses: false }).estimate;
    expect(estimate.bytesPerSecondPerCpu! / named.bytesPerSecondPerCpu!).toBeLessThan(0.3);
  }
});

it('throws an error that says what was expected, what was found and what to do', () => {
  expect(() => generateScript({ pid: 1, seconds: 1, frequency: 0 })).toThrow(
    'frequency: expected a whole number from 1 to 10000, got 0; change it or leave it out',
  );
});

it('does not insert text from options into a script', () => {
  const nasty = fc.oneof(
    fc.string(),
    fc.constantFrom('1) exit() //', '"; system("id")', '%{ panic(); %}', '*/ probe begin { exit() }', '\n@1'),
  );
  const hostile = fc.record({
    command: nasty.map((text) => `x${text.replaceAll('\0', '')}`),
    modules: fc.array(nasty.map((text) => `/${text}`)),
    maps: nasty,
    stapArguments: fc.array(nasty),
  });
  const plain = generateScript({ command: 'x', seconds: 3 }).text;
  fc.assert(
    fc.property(hostile, (options) => {
      try {
        expect(generateScript({ ...options, seconds: 3 }).text).toBe(plain);
      } catch (error) {
        expect(error).toBeInstanceOf(ScriptError);
      }
    }),
  );
});

it('throws nothing but a ScriptError, whatever the options', () => {
  const names = [
    'pid',
    'pids',
    'command',
    'seconds',
    'limit',
    'user',
    'mode',
    'cpus',
    'modules',
    'root',
    'x',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), (options) => {
      try {
        expect(generateScript({ pid: 1, seconds: 1, ...options } as ScriptOptions).text).toMatch(/^global /);
      } catch (error) {
        expect(error).toBeInstanceOf(ScriptError);
      }
    }),
  );
});

it('createScriptGenerator converts options objects to script text', async () => {
  const generator = createScriptGenerator();
  Readable.from([{ pid: 21865, seconds: 50, user: true }]).pipe(generator);
  const golden = readFileSync(new URL('fixtures/stream-user.stp', import.meta.url), 'utf8');
  expect(await text(generator)).toBe(golden.slice(golden.indexOf('\n') + 1));
});

it('createScriptGenerator fails if the options are invalid', async () => {
  const generator = createScriptGenerator();
  Readable.from([{ pid: -1, seconds: 50 }]).pipe(generator);
  await expect(text(generator)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
});
