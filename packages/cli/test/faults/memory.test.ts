import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { figure } from '../../../../testing/look.ts';
import { startProcess } from '../../../../testing/processes.ts';
import { until } from '../../../../testing/until.ts';
import { caseOf } from '../stapflame.ts';
import { ownDirectory, shell, start } from './process.ts';

const own = ownDirectory();
const { trace, folded } = caseOf('burn-u_g');

/**
 * With less address space, the result would vary between runs, because malloc reserves a varying amount for Node's
 * threads.
 */
it('an address space of 1.1 GB is enough', async () => {
  const { code, stdout } = await shell('ulimit -v 1100000; stapflame fold -q "$1"', trace);
  expect({ code, stdout }).toEqual({ code: 0, stdout: folded });
});

/** MALLOC_ARENA_MAX keeps malloc from reserving address space per thread, so less than a gigabyte is enough. */
it.each(['fold', 'flame'])('%s writes the same output in an address space of 800 MB', async (command) => {
  const line = `stapflame ${command} -q "$1" > "$2/free"
    export MALLOC_ARENA_MAX=1; ulimit -v 800000; stapflame ${command} -q "$1" > "$2/limited" && cmp "$2/free" "$2/limited"`;
  expect(await shell(line, trace, own.path)).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

it('a --memory budget that does not fit the address space is rejected with advice', async () => {
  const line = 'export MALLOC_ARENA_MAX=1; ulimit -v 1200000; stapflame fold -q --memory 1G "$1"';
  const { code, stdout, stderr } = await shell(line, trace);
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  expect(stderr).toMatch(
    /cannot get more memory; raise the limit \(ulimit -v\), use less memory \(--memory\)/,
  );
});

/** The directory for version 1 memory cgroups. Creating one requires root and a kernel that supports version 1. */
const CGROUPS = '/sys/fs/cgroup/memory';
const hasCgroups = process.getuid?.() === 0 && existsSync(`${CGROUPS}/memory.limit_in_bytes`);
const cgroup = `${CGROUPS}/stapflame-${process.pid}`;
afterEach(() => {
  if (existsSync(cgroup)) rmdirSync(cgroup);
});

it.runIf(hasCgroups)('a memory cgroup of 96 MiB is enough with the smallest --memory budget', async () => {
  mkdirSync(cgroup);
  writeFileSync(`${cgroup}/memory.limit_in_bytes`, String(96 << 20));
  const line = `echo $$ > ${cgroup}/cgroup.procs; stapflame fold -q --memory 1M --tmpdir "$2" "$1"`;
  const { code, stdout } = await shell(line, trace, own.path);
  expect({ code, stdout }).toEqual({ code: 0, stdout: folded });
});

it('memory use does not grow while an endless stream is read', async () => {
  const { child } = start(['fold', '-q', '-o', '/dev/null']);
  const endless = startProcess('yes', [' 0x1 : a+0x1/0x2 [/p]\n\t1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endless.stdout!.pipe(child.stdin!);
  /** Returns the process's memory in kB after it has read `bytes` bytes. */
  const memoryAfter = async (bytes: number): Promise<number> => {
    await until(`${bytes} bytes are read`, () => figure(child.pid!, 'io', 'rchar') > bytes);
    return figure(child.pid!, 'status', 'VmRSS');
  };
  const early = await memoryAfter(64 << 20);
  expect((await memoryAfter(256 << 20)) - early).toBeLessThan(24 << 10);
});
