import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { atEnd } from './cleanup.ts';
import type { Finished } from './processes.ts';

const SERVER = fileURLToPath(new URL('command-server.mjs', import.meta.url));

/** Runs one command line and waits until it has ended. */
export type RunCommand = (
  words: readonly string[],
  input?: string | Uint8Array,
  cwd?: string,
  env?: NodeJS.ProcessEnv,
) => Promise<Finished>;

/**
 * Runs a test file's command lines one after another, in one process that has already loaded the command. A small
 * command line spends most of its time starting Node, and tests run thousands of them. Standard input, output and error
 * are files. Tests that depend on the process (pipes, signals, limits, how it ends) need a separate process.
 *
 * Call this while the test file is loaded. The process starts with the first command line. It ends after the file's
 * last test, or after a test that does not wait for its command lines.
 *
 * @param module the path of a module that exports `run(words)`, which returns the exit code
 */
export function commandServer(module: string): RunCommand {
  const directory = mkdtempSync(join(tmpdir(), 'command-server-'));
  const files = ['stdin', 'stdout', 'stderr'].map((name) => join(directory, name));
  const [stdin, stdout, stderr] = files as [string, string, string];
  let server: Promise<ChildProcess> | undefined;
  const stop = async (): Promise<void> => {
    const child = await server;
    server = undefined;
    child?.kill('SIGKILL');
  };
  afterAll(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async (): Promise<ChildProcess> => {
    for (const file of files) writeFileSync(file, '');
    const descriptors = files.map((file) => openSync(file, 'r+'));
    const child = spawn(process.execPath, [SERVER, module], { stdio: [...descriptors, 'ipc'] });
    for (const descriptor of descriptors) closeSync(descriptor);
    await answer(child);
    return child;
  };
  const answer = async (child: ChildProcess): Promise<unknown> => {
    const first = new AbortController();
    try {
      const [message] = (await Promise.race([
        once(child, 'message', first),
        once(child, 'exit', first).then(() => []),
      ])) as unknown[];
      if (message === undefined)
        throw new Error(`the process that runs command lines ended: ${readFileSync(stderr, 'utf8')}`);
      return message;
    } finally {
      first.abort();
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return async (words, input = '', cwd = process.cwd(), env = process.env) => {
    const run = async (): Promise<Finished> => {
      let isRunning = true;
      atEnd(() => isRunning && stop());
      const child = await (server ??= start());
      writeFileSync(stdin, input);
      child.send({ words, cwd, env, files });
      const code = (await answer(child)) as number;
      isRunning = false;
      return {
        code,
        signal: null,
        stdout: readFileSync(stdout, 'utf8'),
        stderr: readFileSync(stderr, 'utf8'),
      };
    };
    const finished = last.then(run);
    last = finished.catch(() => undefined);
    return finished;
  };
}
