import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../../testing/cleanup.ts';
import { resolveFileOptions } from '../../src/files/file-options.ts';
import { Symboliser } from '../../src/files/symboliser.ts';
import { findTool } from '../../src/files/tools.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});

/** Creates a shell script and returns its path. */
function script(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the symboliser that is used', () => {
  const GNU = 'echo GNU addr2line 2.40';
  const GIMLI = 'echo addr2line 0.25';

  it.each([
    ['llvm-symbolizer, if there is one', 'llvm-symbolizer', { 'llvm-symbolizer': '', addr2line: GIMLI }],
    ["gimli's addr2line, before elfutils", 'addr2line', { addr2line: GIMLI, 'eu-addr2line': '' }],
    ['an addr2line that does not print its version', 'addr2line', { addr2line: 'exit 1' }],
    ['elfutils, before binutils', 'eu-addr2line', { addr2line: GNU, 'eu-addr2line': '' }],
    ['binutils, if there is nothing else', 'addr2line', { addr2line: GNU }],
  ])('is %s', async (_, name, programs) => {
    for (const [program, text] of Object.entries(programs)) script(program, text);
    expect((await findTool(directory))?.program).toBe(join(directory, name));
  });

  it('has a kind, which names it in problem reports', async () => {
    script('addr2line', GIMLI);
    expect((await findTool(directory))?.kind).toBe('gimli addr2line');
    script('addr2line', GNU);
    expect((await findTool(directory))?.kind).toBe('GNU addr2line');
  });

  it('is the newest llvm-symbolizer in the first directory that has one', async () => {
    for (const name of ['b/llvm-symbolizer-9', 'b/llvm-symbolizer-19', 'c/llvm-symbolizer']) script(name, '');
    mkdirSync(join(directory, 'b/llvm-symbolizer-20'));
    const path = ['.', ...['none', 'b', 'c'].map((name) => join(directory, name))].join(delimiter);
    expect((await findTool(path))?.program).toBe(join(directory, 'b/llvm-symbolizer-19'));
  });

  it('is searched for in the directories in PATH unless the user names others', () => {
    atEnd(() => vi.unstubAllEnvs());
    vi.stubEnv('PATH', '/opt/bin');
    expect(resolveFileOptions({}).path).toBe('/opt/bin');
    expect(resolveFileOptions({ path: '/bin' }).path).toBe('/bin');
    vi.stubEnv('PATH', undefined);
    expect(resolveFileOptions({}).path).toBe('');
  });
});

describe('a running symboliser', () => {
  it('may be idle for longer than the time limit for an answer', async () => {
    const program = script('addr2line', 'while read a; do echo $a; echo name; echo /src/a.c:1; done');
    const tool = { kind: 'GNU addr2line', program, argumentsFor: () => [] } as const;
    const file = { path: '/opt/pie', base: 0, knowsMore: true };
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    atEnd(() => vi.useRealTimers());
    const symboliser = new Symboliser(tool, file, 60_000);
    atEnd(() => symboliser.close());
    vi.advanceTimersByTime(120_000);
    vi.useRealTimers();
    expect(symboliser.failure).toBeUndefined();
    expect(await symboliser.ask([0x10])).toEqual([[{ symbol: 'name', file: '/src/a.c', line: 1 }]]);
  });
});
