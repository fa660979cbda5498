import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { inspect } from '../src/index.ts';
import { program } from './programs.ts';

it('inspects only the machine if no process is given', async () => {
  expect(await inspect({})).toMatchObject({
    site: { release: release(), alive: undefined, maps: '', files: [], buildIds: {} },
  });
});

describe('a machine that cannot be inspected', () => {
  it.each([
    ['failed', 0, 'ssh prints nothing, as if the host did not run our commands', 'exit 0'],
    ['failed', 0, 'the host has no CPU, as if nproc were missing', 'echo "release 6.1"; echo "cpus "'],
    ['failed', 0, 'the host does not name its kernel', 'echo "release "; echo "cpus 2"'],
    ['signal', undefined, 'a signal ends ssh', 'kill -KILL $$'],
    ['link', 255, 'ssh cannot connect', 'exit 255'],
  ] as const)('is reported as %s with exit code %s if %s', async (reason, exitCode, _, body) => {
    const ssh = program(temporaryDirectory(), 'ssh', body);
    expect(await inspect({ host: 'web1', ssh })).toMatchObject({ exit: { reason, exitCode } });
  });

  it.each([
    ['missing', 'there is no ssh', { ssh: '/nonexistent/ssh' }],
    ['missing', 'the path of ssh leads through a file', { ssh: '/etc/hostname/ssh' }],
    ['permission', 'ssh is not a program', { ssh: '/etc' }],
    ['failed', 'the arguments are too long', { sshArguments: ['x'.repeat(2 ** 18)] }],
  ])('is reported as %s if %s', async (reason, _, options) => {
    expect(await inspect({ host: 'web1', ...options })).toMatchObject({
      exit: { reason, exitCode: undefined, signal: undefined },
    });
  });
});
