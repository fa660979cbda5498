import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codeMappings, generateScript, mappedFiles, SCRIPT_OPTIONS } from '../src/index.ts';

const MEBIBYTE = 2 ** 20;
const options = { pid: 1, seconds: 10 } as const;

it('rejects 1000 Hz on 64 CPUs, and names the option that lowers the cost', () => {
  expect(() => generateScript({ ...options, frequency: 1000, cpus: 64 })).toThrow(
    expect.objectContaining({
      code: 'TOO_COSTLY',
      option: 'frequency',
      message: expect.stringContaining('lower'),
    }),
  );
});

it.each([1, 2, 8, 64, 200])('needs no more than the default memory to stream at 99 Hz on %i CPUs', (cpus) => {
  const { estimate } = generateScript({ ...options, cpus, maxRate: 1000 });
  expect(estimate.kernelBytes).toBeLessThanOrEqual(256 * MEBIBYTE);
  expect(estimate.samplesPerSecondPerCpu).toBe(99);
});

it('if a limit is given, chooses the mode by the memory that the tables would need, and says if the limit has no effect', () => {
  expect(generateScript({ ...options, limit: 1024, cpus: 4 }).mode).toBe('aggregate');
  const wide = generateScript({ ...options, limit: 1024, cpus: 64 });
  expect(wide.mode).toBe('stream');
  expect(wide.notes).toEqual([expect.stringContaining('limit')]);
});

it('rejects mode aggregate if its tables would need too much memory', () => {
  expect(() => generateScript({ ...options, mode: 'aggregate', cpus: 64 })).toThrow(
    expect.objectContaining({ code: 'TOO_COSTLY', option: 'maxKernelMemory', limit: 256 * MEBIBYTE }),
  );
});

it('includes a table for each CPU and one for the sum in the memory estimate', () => {
  const on = (cpus: number) => generateScript({ ...options, mode: 'aggregate', cpus, maxKernelMemory: 4096 });
  const [one, two] = [on(1).estimate, on(2).estimate];
  expect(two.kernelBytes! - one.kernelBytes!).toBe(one.kernelBytesPerCpu);
  expect(one.kernelBytesPerCpu).toBeGreaterThan(5000 * 2 * 2048);
});

it('estimates only the cost per CPU if the number of CPUs is unknown', () => {
  const { estimate } = generateScript(options);
  expect(estimate.kernelBytes).toBeUndefined();
  expect(estimate.kernelBytesPerCpu).toBeGreaterThan(0);
});

it('prints each sample of a command immediately, because frames cannot be named after the command has ended', () => {
  const { mode, notes } = generateScript({ command: 'sleep 1', limit: 10 });
  expect(mode).toBe('stream');
  expect(notes).toEqual([expect.stringContaining('limit')]);
  expect(generateScript({ command: 'sleep 9', limit: 10, seconds: 5 }).mode).toBe('aggregate');
});

it("lets the user's arguments override the script's limits", () => {
  const own = ['-DMAXBACKTRACE=20', '-D', 'MAXSTRINGLEN=512', '-s', '9', '-T', '99'];
  const { stapArguments } = generateScript({ ...options, limit: 5, stapArguments: own });
  expect(stapArguments.slice(-own.length)).toEqual(own);
  const ours = stapArguments.slice(0, -own.length);
  expect(ours.filter((word) => /MAXBACKTRACE|MAXSTRINGLEN|^-s$|^-T$/.test(word))).toEqual([]);
  expect(ours).toContain('-DMAXMAPENTRIES=5000');
});

it('always sets the buffer size', () => {
  for (const given of [{}, { limit: 5 }, { kind: 'off-cpu' }, { cpus: 64, frequency: 49 }] as const)
    expect(generateScript({ ...options, ...given }).stapArguments).toContain('-s');
});

it('lists each file mapped as code once, and leaves out mappings that stap could not read', () => {
  const maps = readFileSync(new URL('fixtures/maps.txt', import.meta.url), 'utf8');
  expect(mappedFiles(maps)).toEqual([
    '/opt/demo/bin/burn g',
    '/usr/lib/x86_64-linux-gnu/libc.so.6',
    '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30',
  ]);
  expect(generateScript({ ...options, user: true, maps }).stapArguments.slice(0, 10)).toEqual([
    '-x',
    '1',
    ...mappedFiles(maps).flatMap((file) => ['-d', file]),
    '-s',
    '2',
  ]);
});

it("returns a mapped file's address range in the format of map_files, and its inode", () => {
  const line = '00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus-daemon\n';
  expect(codeMappings(line)).toEqual([
    { file: '/usr/bin/dbus-daemon', range: '400000-452000', inode: 173_521n },
  ]);
});

it.each([
  ['a running process', { pid: 1 }, false],
  ['several processes', { pids: [1, 2] }, false],
  ['the whole system', { system: true }, false],
  ['a command, which stap runs anyway', { command: 'demo' }, true],
])('asks the loader for libraries only for a command unless told otherwise: %s', (_, target, ldd) => {
  const script = generateScript({ ...target, seconds: 5, user: true, modules: ['/opt/demo'] });
  expect(script.stapArguments.includes('--ldd')).toBe(ldd);
  const asked = generateScript({ ...target, seconds: 5, user: true, modules: ['/opt/demo'], ldd: true });
  expect(asked.stapArguments).toContain('--ldd');
});

it('warns if deep stacks at a high frequency would end the run, and suggests a lower frequency', () => {
  expect(generateScript({ ...options, frequency: 999 }).notes).toEqual([
    expect.stringMatching(
      /^frequency: at 999 Hz, stacks of more than about \d+ frames .* \d+ Hz is low enough for stacks of 128/,
    ),
  ]);
  const [, fitting] = / (\d+) Hz is low/.exec(generateScript({ ...options, frequency: 999 }).notes[0]!)!;
  expect(generateScript({ ...options, frequency: Number(fitting) }).notes).toEqual([]);
  expect(generateScript({ ...options, frequency: 999, maxBacktrace: 40 }).notes).toEqual([]);
  expect(generateScript({ ...options, frequency: 999, kind: 'off-cpu' }).notes).toEqual([]);
});

it('estimates a CPU share that is proportional to the frequency', () => {
  const at = (frequency: number) => generateScript({ ...options, frequency }).estimate.cpuShare!;
  expect(at(99)).toBeGreaterThan(0.005);
  expect(at(99)).toBeLessThan(0.05);
  expect(at(198) / at(99)).toBeCloseTo(2);
  expect(generateScript({ ...options, kind: 'off-cpu' }).estimate.cpuShare).toBeUndefined();
});

it('documents each option exactly once', () => {
  const names = SCRIPT_OPTIONS.map(({ option }) => option);
  expect(new Set(names).size).toBe(names.length);
  expect(SCRIPT_OPTIONS.every(({ description, flag }) => description !== '' && flag.startsWith('-'))).toBe(
    true,
  );
});
