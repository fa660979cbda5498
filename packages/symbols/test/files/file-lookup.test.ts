import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../../testing/cleanup.ts';
import { until } from '../../../../testing/until.ts';
import { FileLookup, type CodePlace, type FileLookupOptions, type FoundFunctions } from '../../src/index.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/elf', import.meta.url));
const PIE_ID = '83b1cefa8dcbdb2eb5a85adcb96b0f7d972cd2d4';
const IDS: Readonly<Record<string, string>> = {
  pie: PIE_ID,
  fixed: '2abcf15f210e675fd6bdfb45016ac595f3078080',
  merged: 'd21e3e6df6edb264cc3a05d8b247703d49bc6f12',
  prelinked: '109c2fd1aaf31e76fa56fba6f4eeb585cf6009af',
};
const BASES: Readonly<Record<string, number>> = { pie: 0, fixed: 0x400000, merged: 0, prelinked: 0x3000000 };
/**
 * Addresses where an inlined function returns. For these, binutils 2.40 repeats the outer function's name, unlike
 * elfutils and LLVM.
 */
const WRONG = new Set([0x1185, 0x401165, 0x6f5, 0x3001175]);

const TOOLS = ['/usr/bin/llvm-symbolizer', '/usr/bin/eu-addr2line', '/usr/bin/addr2line'].filter(existsSync);

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});

/** Creates a lookup that uses only this program and the fixtures' debug information. */
function lookupBy(tool: string, options: FileLookupOptions = {}): FileLookup {
  const path = join(directory, 'bin');
  mkdirSync(path, { recursive: true });
  symlinkSync(tool, join(path, basename(tool)));
  const files = new FileLookup({ directories: [join(FIXTURES, 'debug')], path, ...options });
  atEnd(() => files.close());
  return files;
}

/** Creates a lookup that uses a shell script with this text instead of binutils' addr2line. */
function scripted(text: string, options: FileLookupOptions = {}): FileLookup {
  const tool = join(directory, 'addr2line');
  writeFileSync(tool, `#!/bin/sh\n[ "$1" != --version ] || { echo GNU addr2line; exit; }\n${text}\n`);
  chmodSync(tool, 0o755);
  return lookupBy(tool, options);
}

const place = (offset: number, more: Partial<CodePlace> = {}): CodePlace => ({
  module: join(FIXTURES, 'stripped/pie'),
  buildId: PIE_ID,
  offset,
  named: false,
  ...more,
});

/** Creates a copy of the stripped file that contains these symbols as mini debug information. */
function withMiniDebugInfo(stripped: string, symbols: string): string {
  const module = join(directory, 'module');
  execFileSync('xz', [symbols]);
  execFileSync('objcopy', ['--add-section', `.gnu_debugdata=${symbols}.xz`, stripped, module]);
  return module;
}

/** Returns the functions that addr2line prints for a program's addresses. */
function expected(name: string): Map<number, FoundFunctions> {
  const all = new Map<number, FoundFunctions>();
  let lines: string[] = [];
  const add = (at: string | undefined): void => {
    if (at === undefined) return;
    const functions = Array.from({ length: lines.length / 2 }, (_, i) => {
      const [file, line] = lines[2 * i + 1]!.replace(/ \(discriminator \d+\)$/, '').split(':');
      return { symbol: lines[2 * i]!, ...(file !== '??' && { file: file!, line: Number(line) }) };
    });
    all.set(Number(at), functions);
    lines = [];
  };
  let at: string | undefined;
  for (const line of readFileSync(join(FIXTURES, `${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n')) {
    if (line.startsWith('0x')) [at] = [line, add(at)];
    else lines.push(line);
  }
  add(at);
  return all;
}

it('at least one symboliser (llvm, elfutils or binutils) is installed for the tests', () => {
  expect(TOOLS).not.toEqual([]);
});

describe.each(TOOLS)('%s', (tool) => {
  it.each(['pie', 'fixed', 'merged', 'prelinked'])(
    'finds the same names as addr2line -i for every address in %s',
    async (name) => {
      const wanted = [...expected(name)];
      const places = wanted.map(([address]) =>
        place(address - BASES[name]!, { module: `/opt/${name}`, buildId: IDS[name]! }),
      );
      const files = lookupBy(tool);
      const found = await files.lookup(places);
      for (const [i, [address, functions]] of wanted.entries())
        if (!WRONG.has(address)) expect(found[i], address.toString(16)).toEqual(functions);
      expect(files.report).toEqual([{ module: `/opt/${name}`, asked: places.length, found: places.length }]);
    },
  );

  it('answers several requests', async () => {
    const files = lookupBy(tool);
    const one = await files.lookup([place(0x1040)]);
    expect(one).toMatchObject([[{ symbol: 'main' }]]);
    expect(await files.lookup([place(0x1041), place(0x1040), place(0)])).toMatchObject([
      [{ symbol: 'main' }],
      [{ symbol: 'main' }],
      undefined,
    ]);
  });
});

describe("a module's file", () => {
  const [tool] = TOOLS as [string];
  const problemOf = async (
    wanted: CodePlace,
    options: FileLookupOptions = {},
  ): Promise<string | undefined> => {
    const files = lookupBy(tool, options);
    await files.lookup([wanted]);
    return files.report[0]!.problem;
  };

  it('is the module itself if it has names', async () => {
    const module = join(FIXTURES, 'debug/pie.debug');
    expect(await problemOf(place(0x1040, { module }), { directories: [] })).toBeUndefined();
  });

  it('is found by build-id where distributions store it', async () => {
    const file = join(directory, '.build-id', PIE_ID.slice(0, 2), `${PIE_ID.slice(2)}.debug`);
    mkdirSync(join(file, '..'), { recursive: true });
    copyFileSync(join(FIXTURES, 'debug/pie.debug'), file);
    expect(
      await problemOf(place(0x1040, { module: '/opt/gone' }), { directories: [directory] }),
    ).toBeUndefined();
  });

  it('is not used if it is from another build', async () => {
    expect(await problemOf(place(0x1040, { buildId: 'ab12' }))).toMatch(/another build/);
  });

  it('is not used if the build-id of the sampled module is not known', async () => {
    const { buildId: _, ...unknown } = place(0x1040);
    expect(await problemOf(unknown)).toMatch(/build-id is not known/);
  });

  it('is the file that the user gave, even if the build-id is not known', async () => {
    const { buildId: _, ...unknown } = place(0x1040);
    const files = [join(FIXTURES, 'debug/pie.debug')];
    expect(await problemOf(unknown, { files })).toBeUndefined();
  });

  it('is reported if it has no names', async () => {
    expect(await problemOf(place(0x1040), { directories: [] })).toMatch(/no function names/);
  });

  it('is not opened unless it is a regular file', async () => {
    expect(await problemOf(place(0x1040, { module: '/dev/zero' }), { directories: [] })).toMatch(
      /neither the file/,
    );
  });

  it('is decompressed if the stripped module has mini debug information', async () => {
    const symbols = join(directory, 'symbols');
    execFileSync('objcopy', ['--strip-debug', join(FIXTURES, 'debug/pie.debug'), symbols]);
    const module = withMiniDebugInfo(join(FIXTURES, 'stripped/pie'), symbols);
    // every function that nm lists must get its name
    const functions = [...expected('pie')].map(([offset, all]) => [offset, all.at(-1)!.symbol] as const);
    for (const each of TOOLS) {
      const files = lookupBy(each, { directories: [] });
      const found = await files.lookup(functions.map(([offset]) => place(offset, { module })));
      for (const [i, [offset, symbol]] of functions.entries())
        expect(found[i], `${each} at ${offset.toString(16)}`).toMatchObject([{ symbol }]);
      files.close();
    }
  });

  it('is the module itself for exported functions, because mini debug information leaves them out', async () => {
    const [symbols, stripped] = [join(directory, 'symbols'), join(directory, 'library.so')];
    const whole = join(FIXTURES, 'exported/whole.so');
    execFileSync('objcopy', ['--only-keep-debug', whole, symbols]);
    execFileSync('objcopy', ['--strip-all', '--keep-symbol=between', symbols]);
    execFileSync('strip', ['-o', stripped, whole]);
    const module = withMiniDebugInfo(stripped, symbols);
    const at = (offset: number, named = false): CodePlace =>
      place(offset, { module, buildId: '2bbb819f6c573ad41a3a5bc7122f196675d0fa75', named });
    // nm -S exported/whole.so prints: first at 2b0, between at 2c4, last at 2fa
    const places = [at(0x2b0), at(0x2c3), at(0x2c4), at(0x2f9), at(0x2fa), at(0x302)];
    for (const each of TOOLS) {
      const files = lookupBy(each, { directories: [] });
      const found = await files.lookup([...places, at(0x2c4, true), at(0x2fa, true)]);
      const names = found.map((functions) => functions?.[0]?.symbol);
      expect(names.slice(0, 6)).toEqual(['first', 'first', 'between', 'between', 'last', 'last']);
      // SystemTap prints `first` for 2c4, which is wrong, and `last` for 2fa, which is right
      expect(names.slice(6)).toEqual(['between', undefined]);
      files.close();
    }
  });

  it.each([
    ['damaged', Buffer.from('this is not xz')],
    ['truncated', undefined],
  ])('is not used if its mini debug information is %s', async (_, bytes) => {
    const [packed, module] = [join(directory, 'packed'), join(directory, 'pie')];
    const whole = execFileSync('xz', ['-c', join(FIXTURES, 'debug/pie.debug')]);
    writeFileSync(packed, bytes ?? whole.subarray(0, -100));
    execFileSync('objcopy', [
      '--add-section',
      `.gnu_debugdata=${packed}`,
      join(FIXTURES, 'stripped/pie'),
      module,
    ]);
    expect(await problemOf(place(0x1040, { module }), { directories: [] })).toMatch(/cannot be decompressed/);
  });

  it('is searched for inlined functions if it has debug information, even if the trace has a name', async () => {
    const module = join(FIXTURES, 'debug/pie.debug');
    const files = lookupBy(tool, { directories: [] });
    const [found] = await files.lookup([place(0x1190, { module, named: true })]);
    expect(found!.map(({ symbol }) => symbol)).toEqual([
      '_ZN4HashImE3mixEm',
      'add_all',
      '_ZN3app4workImEET_S1_',
    ]);
  });

  it('is not searched if the trace has a name and the file contains nothing but this name', async () => {
    const module = join(directory, 'pie');
    execFileSync('objcopy', ['--strip-debug', join(FIXTURES, 'debug/pie.debug'), module]);
    const files = lookupBy(tool, { directories: [] });
    expect(await files.lookup([place(0x1190, { module, named: true })])).toEqual([undefined]);
    expect(await files.lookup([place(0x1190, { module })])).toMatchObject([
      [{ symbol: '_ZN3app4workImEET_S1_' }],
    ]);
  });
});

describe('a symboliser', () => {
  const answered = 'while read a; do echo $a; echo name; echo /src/a.c:1; done';

  it.each([
    ['exits', 'exit 3', /ended with exit code 3/],
    ['crashes', 'kill -SEGV $$', /ended with SIGSEGV/],
    ['prints nonsense', 'yes', /invalid answer/],
    ['prints an endless line', 'cat /dev/zero', /endless line|invalid answer/],
    ['prints endless output', 'read a; echo $a; yes /a.c:1', /invalid answer/],
    ['hangs', 'sleep 600', /did not answer for 0\.3 s/, { patience: 300 }],
    [
      'stops answering',
      'read a; echo $a; echo x; echo a:1; sleep 600',
      /did not answer for 0\.3 s/,
      { patience: 300 },
    ],
  ])('that %s leaves functions without names', async (_, text, problem, options: FileLookupOptions = {}) => {
    const files = scripted(text, options);
    const places = Array.from({ length: 20 }, (__, i) => place(0x1000 + i));
    expect(await files.lookup(places)).toEqual(expect.any(Array));
    expect(files.report[0]!.problem).toMatch(problem);
    // the symboliser is not started again
    expect(await files.lookup([place(0x2000)])).toEqual([undefined]);
  });

  it('that cannot be started leaves functions without names', async () => {
    const files = scripted(answered);
    chmodSync(join(directory, 'addr2line'), 0o644);
    expect(await files.lookup([place(0x1040)])).toEqual([undefined]);
    expect(files.report[0]!.problem).toMatch(/no symboliser is installed/);
  });

  it('is stopped when the lookup is closed', async () => {
    const files = scripted(`echo $$ > ${directory}/pid; sleep 600`);
    const looking = files.lookup([place(0x1040)]);
    // the file is empty at first; a symboliser that is stopped at that point never writes its process ID
    const pid = await until('the symboliser runs', () => readFileSync(join(directory, 'pid'), 'utf8').trim());
    files.close();
    expect(await looking).toEqual([undefined]);
    await until('the symboliser is gone', () => !existsSync(`/proc/${pid}`));
  });

  it('is started once for all addresses in a file', async () => {
    const files = scripted(`echo started >> ${directory}/log; ${answered}`);
    for (let i = 1; i < 5; i++) await files.lookup([place(i), place(0x1000 + i)]);
    expect(readFileSync(join(directory, 'log'), 'utf8')).toBe('started\n');
    expect(files.report[0]).toMatchObject({ asked: 8, found: 8 });
  });
});
