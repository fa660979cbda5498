import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { createRunner, type RunnerOptions } from '../src/index.ts';
import { program, standInForSsh } from './programs.ts';
import { run, SCRIPT } from './run.ts';

let directory: string;
/** Returns options that replace stap with a shell script; in this script, `$5` is the module's name. */
let compiler: (body: string) => RunnerOptions;
const isConnected = (): boolean => existsSync(join(directory, 'connected'));

beforeEach(() => {
  directory = temporaryDirectory();
  const ssh = standInForSsh(directory);
  compiler = (body) => ({ host: 'web1', compileFor: '6.1.0-1', ssh, stap: program(directory, 'stap', body) });
  program(directory, 'staprun', 'echo "staprun $1 $2"; cat "$3"\n');
});

it('runs the compiled module on the host with sudo, which must not ask for a password', async () => {
  program(directory, 'sudo', 'echo "sudo $1"; shift; exec "$@"\n');
  const { trace, exit } = await run({ ...compiler('cat > "$5.ko"'), stapArguments: ['-x', '7'] });
  expect(trace.toString()).toBe(`sudo -n\nstaprun -x 7\n${SCRIPT}`);
  expect(exit).toMatchObject({ reason: 'ended', exitCode: 0 });
});

describe('no connection to the host is made', () => {
  it('if stap cannot compile the script', async () => {
    const { trace, exit } = await run(compiler('echo "Pass 4: compilation failed." >&2; exit 1'));
    expect(trace).toHaveLength(0);
    expect(exit).toMatchObject({ reason: 'compile', exitCode: 1 });
    expect(isConnected()).toBe(false);
  });

  it('if stap ends successfully without a module, which is reported as a failed run', async () => {
    const { trace, exit } = await run(compiler('exit 0'));
    expect(trace).toHaveLength(0);
    expect(exit).toMatchObject({ reason: 'failed', exitCode: undefined });
    expect(isConnected()).toBe(false);
  });

  it('if the run is stopped while stap compiles, even if stap still writes the module', async () => {
    const stap = 'trap \'cat > "$5.ko"; exit 0\' INT; echo compiling >&2; while :; do sleep 0.05; done';
    const runner = createRunner(compiler(stap));
    const trace = text(runner.stream);
    runner.stream.end(SCRIPT);
    await once(runner.stderr, 'readable');
    runner.stop();
    expect(await trace).toBe('');
    expect((await runner.exit).reason).toBe('stopped');
    expect(isConnected()).toBe(false);
  });
});
