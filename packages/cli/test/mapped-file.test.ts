import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeMappings, type CodeMapping } from '@stapflame/stap-script';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMapped, openProcess, through } from '../src/sampling/mapped-file.ts';
import { isRoot } from '../src/sampling/trust.ts';

let directory: string;
let file: string;
let child: ChildProcess;
let target: FileHandle;
let mapping: CodeMapping;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mapped-file-'));
  file = join(directory, 'program');
  copyFileSync('/bin/sleep', file);
  child = spawn(file, ['600']);
  target = await openProcess(child.pid!);
  const mapped = (): CodeMapping | undefined =>
    codeMappings(readFileSync(`/proc/${child.pid}/maps`, 'utf8')).find((each) => each.file === file);
  await expect.poll(mapped).toBeDefined();
  mapping = mapped()!;
});
afterEach(async () => {
  await target.close();
  child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Returns the contents of the file that is opened for the mapping, or an empty string if no file is opened. */
async function read(): Promise<string> {
  const found = await openMapped(target, mapping).catch(() => undefined);
  if (!found) return '';
  try {
    return await found.handle.readFile('latin1');
  } finally {
    await found.handle.close();
  }
}

it('reads the mapped file', async () => {
  expect(await read()).toBe(readFileSync('/bin/sleep', 'latin1'));
});

it.each([
  ['another file', () => writeFileSync(file, 'secret')],
  ['a link', () => symlinkSync(join(directory, 'secret'), file)],
  ['a pipe', () => void execFileSync('mkfifo', [file])],
  ['a directory', () => mkdirSync(file)],
  ['nothing', () => undefined],
])("never reads what replaced the file at the mapping's path: %s", async (_, put) => {
  writeFileSync(join(directory, 'secret'), 'secret');
  renameSync(file, join(directory, 'moved'));
  put();
  // only root can open a mapped file that is no longer at its path
  expect(await read()).toBe((await isRoot()) ? readFileSync('/bin/sleep', 'latin1') : '');
});

it('does not confuse the opened process with a later process that has the same process id', async () => {
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(() => readFileSync(`${through(target)}/stat`)).toThrow('ESRCH');
  expect(await read()).toBe('');
});
