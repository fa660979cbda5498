import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { caseOf, stapflame } from './stapflame.ts';

const JIT = caseOf('newer-node_jit').trace;
const PERF_MAP = join(dirname(JIT), 'perf-4242.map');
const ELF = fileURLToPath(new URL('../../symbols/test/fixtures/elf/', import.meta.url));
const PIE_ID = '83b1cefa8dcbdb2eb5a85adcb96b0f7d972cd2d4';
const PROGRAM = '/opt/demo/bin/pie';
/** A stack from a stripped program: `main` calls `twice`, which calls `work`, into which functions are inlined. */
const STRIPPED = ` 0x55c19bb7e190 : 0x55c19bb7e190 [${PROGRAM}+0x1190/0x0]
 0x55c19bb7e16a : 0x55c19bb7e16a [${PROGRAM}+0x116a/0x0]
 0x55c19bb7e058 : 0x55c19bb7e058
\t3
`;
const MAPS = `55c19bb7d000-55c19bb7e000 r--p 00000000 00:02 835                        ${PROGRAM}
55c19bb7e000-55c19bb7f000 r-xp 00001000 00:02 835                        ${PROGRAM}
`;

let directory: string;
let trace: string;
beforeEach(() => {
  directory = temporaryDirectory();
  trace = join(directory, 'trace.bt');
  writeFileSync(trace, STRIPPED);
});

/** Writes a file in the format of `record --save`, and returns its path. */
function save(file: string, buildId = PIE_ID): string {
  const site = { release: '6.1.0', buildIds: { [PROGRAM]: buildId }, processes: [{ pid: 7, maps: MAPS }] };
  writeFileSync(file, JSON.stringify({ version: 1, sites: [site] }));
  return file;
}

const NAMED = 'main;app::twice(unsigned long);app::work<unsigned long>(unsigned long)';
const INLINED = 'add_all_[i];Hash<unsigned long>::mix(unsigned long)_[i]';
const stacksOf = (folded: string): string[] =>
  folded.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** What a picture's data says about names. */
interface Tree {
  readonly names: readonly string[];
  readonly details: {
    readonly modules: readonly string[];
    readonly moduleIds: readonly number[];
    readonly files: readonly string[];
    readonly fileIds: readonly number[];
    readonly lines: Readonly<Record<number, string>>;
    readonly inlined: readonly number[];
  };
}

function treeOf(svg: string): Tree {
  const metadata = /<metadata>(.*)<\/metadata>/s.exec(svg)![1]!;
  const json = metadata.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return (JSON.parse(json) as { tree: Tree }).tree;
}

describe('JIT code', () => {
  it('is named in every sample by the perf map that the JIT compiler wrote', async () => {
    const { code, stdout, stderr } = await stapflame(['fold', JIT, '--symbols', PERF_MAP]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('[unknown]');
    expect(stdout).toContain('node/4242;JS:*mulPart /opt/demo/bin/js.js:1:17 235\n');
    expect(stderr).toContain('name lookup: found names for 25 of 25 distinct frames without a name');
    const sum = (text: string): number =>
      stacksOf(text).reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
    expect(sum(stdout)).toBe(sum(caseOf('newer-node_jit').folded));
  });

  it('gets the same names from a jitdump as from a perf map', async () => {
    const lines = readFileSync(PERF_MAP, 'utf8').trimEnd().split('\n');
    const records = lines.map((line) => {
      const [, start, size, name] = /^(\S+) (\S+) (.*)$/.exec(line)!;
      const record = Buffer.alloc(56);
      record.writeUInt32LE(56 + Buffer.byteLength(name!) + 1, 4);
      record.writeBigUInt64LE(BigInt(`0x${start}`), 32);
      record.writeBigUInt64LE(BigInt(`0x${size}`), 40);
      return Buffer.concat([record, Buffer.from(`${name}\0`)]);
    });
    const header = Buffer.alloc(40);
    header.write('DTiJ');
    header.writeUInt32LE(40, 8);
    const dump = join(directory, 'jit-4242.dump');
    writeFileSync(dump, Buffer.concat([header, ...records]));
    const [byDump, byMap] = await Promise.all(
      [dump, PERF_MAP].map((file) => stapflame(['fold', JIT, '--symbols', file])),
    );
    expect(byDump).toEqual(byMap);
  });

  it("is also named in pictures and in parse's output", async () => {
    expect((await stapflame(['flame', JIT, '--symbols', PERF_MAP])).stdout).toContain('JS:*mulPart');
    expect((await stapflame(['parse', JIT, '--symbols', PERF_MAP])).stdout).toContain(
      '"symbol":"JS:*mulPart /opt/demo/bin/js.js:1:17","address":"0x7f5f8e7c6a1c","kernel":false,"jit":true',
    );
  });
});

describe('Java code', () => {
  // the format of perf-map-agent, with entries for the interpreter, for methods, and for code inlined into methods
  const MAP = `7f10a0000000 400 Interpreter
7f10a0010000 400 Ljava/lang/String;::hashCode
7f10a0010100 40 Ljava/lang/StringLatin1;::hashCode in Ljava/lang/String;::hashCode
7f10a0020000 800 Lapp/Main$1;::run
7f10a0020200 20 Lapp/Main$1;::run->Ljava/util/HashMap;::getNode
7f10a0030000 100 [I::clone
`;
  const addresses = (...list: string[]): string => list.map((at) => ` 0x${at} : 0x${at}\n`).join('');

  it('is named by its perf map, including inlined methods, with no semicolons in labels', async () => {
    const map = join(directory, 'perf-7.map');
    writeFileSync(map, MAP);
    const stacks = [
      addresses('7f10a0010120', '7f10a0020215', '7f10a0000123'),
      addresses('7f10a0010010', '7f10a0020300', '7f10a0030010'),
    ];
    const { code, stdout, stderr } = await stapflame(
      ['fold', '-', '--symbols', map],
      stacks.map((stack, i) => `${stack}\t${i + 1}\n`).join(''),
    );
    expect({ code, stacks: stacksOf(stdout) }).toEqual({
      code: 0,
      stacks: [
        'Interpreter;Lapp/Main$1:::run->Ljava/util/HashMap:::getNode;Ljava/lang/StringLatin1:::hashCode in Ljava/lang/String:::hashCode 1',
        '[I::clone;Lapp/Main$1:::run;Ljava/lang/String:::hashCode 2',
      ],
    });
    expect(stderr).toContain('name lookup: found names for 6 of 6 distinct frames without a name');
  });

  it('is named by the file that jcmd Compiler.perfmap writes, where numbers begin with 0x and zeros', async () => {
    const map = join(directory, 'perf-7.map');
    writeFileSync(
      map,
      '0x00007f88f0edbda0 0x0000000000000218 int Main.mix(java.lang.String, int)\n0x00007f88f0eda560 0x0000000000000ac8 int Main.work(int)\n',
    );
    const { stdout } = await stapflame(
      ['fold', '-q', '-', '--symbols', map],
      `${addresses('7f88f0edbda4', '7f88f0eda900')}\t3\n`,
    );
    expect(stacksOf(stdout)).toEqual(['int Main.work(int);int Main.mix(java.lang.String, int) 3']);
  });
});

describe('a stripped program', () => {
  const debug = ['--debug-dir', join(ELF, 'debug')];

  it('is named by debug information in another directory, including inlined functions', async () => {
    const { code, stdout } = await stapflame([
      'fold',
      '-q',
      trace,
      '--symbols',
      save(join(directory, 's')),
      ...debug,
    ]);
    expect({ code, stacks: stacksOf(stdout) }).toEqual({ code: 0, stacks: [`${NAMED};${INLINED} 3`] });
  });

  it('is drawn with modules, source lines and inlining in addition to names', async () => {
    const words = ['flame', '-q', trace, '--symbols', save(join(directory, 's')), ...debug];
    const { code, stdout } = await stapflame(words);
    const { names, details } = treeOf(stdout);
    const of = (start: string) => {
      const name = names.findIndex((each) => each.startsWith(start));
      return {
        module: details.modules[details.moduleIds[name]!],
        file: details.files[details.fileIds[name]!],
        lines: details.lines[name],
        isInlined: details.inlined.includes(name),
      };
    };
    expect(code).toBe(0);
    expect(of('app::work')).toEqual({ module: 'pie', file: 'inlined.cc', lines: '15', isInlined: false });
    expect(of('Hash')).toEqual({ module: 'pie', file: 'inlined.cc', lines: '4', isInlined: true });
  });

  it('is shown without inlined functions if --no-inlines is given', async () => {
    const words = ['fold', '-q', trace, '--symbols', save(join(directory, 's')), ...debug, '--no-inlines'];
    expect(stacksOf((await stapflame(words)).stdout)).toEqual([`${NAMED} 3`]);
  });

  it('gets its names from the .symbols file next to the trace', async () => {
    save(`${trace}.symbols`);
    expect(stacksOf((await stapflame(['fold', '-q', trace, ...debug])).stdout)).toEqual([
      `${NAMED};${INLINED} 3`,
    ]);
  });

  it('is not named if the .symbols file next to the trace is a link', async () => {
    symlinkSync(save(join(directory, 's')), `${trace}.symbols`);
    expect((await stapflame(['fold', '-q', trace])).stdout).toContain('[unknown];[pie];[pie] 3');
  });

  it('is not named if its debug information belongs to another build, and a message says so', async () => {
    const { code, stdout, stderr } = await stapflame([
      'fold',
      trace,
      '--symbols',
      save(join(directory, 's'), 'ab12'),
      ...debug,
    ]);
    expect({ code, stacks: stacksOf(stdout) }).toEqual({ code: 0, stacks: ['[pie];[pie];[pie] 3'] });
    expect(stderr).toContain(`${PROGRAM}: no names for 3 distinct frames`);
    expect(stderr).toContain('with build-id ab12');
  });

  it('is named by a debug file that the user specifies, even if the build that ran is not known', async () => {
    const file = join(directory, 'pie.debug');
    copyFileSync(join(ELF, 'debug/pie.debug'), file);
    expect(stacksOf((await stapflame(['fold', '-q', trace, '--symbols', file])).stdout)).toEqual([
      `[unknown];${NAMED.slice('main;'.length)};${INLINED} 3`,
    ]);
  });

  it('is shown with its module in each label if --label-module is given', async () => {
    const words = ['fold', '-q', trace, '--symbols', save(join(directory, 's')), ...debug, '--label-module'];
    expect((await stapflame(words)).stdout).toContain('main [pie];app::twice(unsigned long) [pie];');
  });

  it('is drawn in the same way each time, and --summary reports how many names were found', async () => {
    const summary = join(directory, 'summary.json');
    const words = ['flame', trace, '--symbols', save(join(directory, 's')), ...debug, '--summary', summary];
    const [one, other] = [await stapflame(words), await stapflame(words)];
    expect(one.stdout).toBe(other.stdout);
    expect(JSON.parse(readFileSync(summary, 'utf8')).names).toEqual({
      asked: 3,
      found: 3,
      modules: [{ module: PROGRAM, asked: 3, found: 3 }],
    });
  });
});

describe('debug information servers', () => {
  const words = (file: string): string[] => ['fold', '-q', trace, '--symbols', file, '--debuginfod'];
  /** Writes a stand-in for debuginfod-find that finds one file, and returns the environment that uses it. */
  const server = (found: string): NodeJS.ProcessEnv => {
    const program = join(directory, 'debuginfod-find');
    writeFileSync(program, `#!/bin/sh\n[ "$*" = "debuginfo ${PIE_ID}" ] && echo '${found}'\n`, {
      mode: 0o755,
    });
    return { PATH: `${directory}:${process.env['PATH']}`, DEBUGINFOD_URLS: 'http://127.0.0.1:9' };
  };

  it('are asked for the build that was sampled if --debuginfod is given', async () => {
    const env = server(join(ELF, 'debug/pie.debug'));
    const { code, stdout } = await stapflame(words(save(join(directory, 's'))), '', undefined, env);
    expect({ code, stacks: stacksOf(stdout) }).toEqual({ code: 0, stacks: [`${NAMED};${INLINED} 3`] });
  });

  it('are not trusted if the file that they send belongs to another build', async () => {
    const env = server(join(ELF, 'debug/fixed.debug'));
    const { stdout } = await stapflame(words(save(join(directory, 's'))), '', undefined, env);
    expect(stacksOf(stdout)).toEqual(['[pie];[pie];[pie] 3']);
  });

  it('must be named in DEBUGINFOD_URLS; otherwise --debuginfod results in exit code 64', async () => {
    const env = { PATH: process.env['PATH'] };
    const { code, stderr } = await stapflame(words(save(join(directory, 's'))), '', undefined, env);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining('DEBUGINFOD_URLS') });
  });
});

it('--debug-dir results in exit code 64 if the build that ran is not known', async () => {
  const { code, stderr } = await stapflame(['fold', trace, '--debug-dir', directory]);
  expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining('record --save') });
});

describe('a file that does not contain symbols', () => {
  const fold = (file: string) => stapflame(['fold', trace, '--symbols', file]);

  it.each([
    ['other text', 'main;foo 3\n', 65, 'expected a file from record --save, a perf map'],
    ['a .symbols file in another version of the format', '{"version":9}', 65, 'version'],
    ['a .symbols file that ends too early', '{"version":1,"sites":[', 65, 'record --save'],
  ])('is rejected before any output is written: %s', async (_, text, exit, message) => {
    const file = join(directory, 's');
    writeFileSync(file, text);
    const { code, stdout, stderr } = await fold(file);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('results in exit code 66 if it is a directory or does not exist', async () => {
    mkdirSync(join(directory, 'd'));
    expect(await fold(join(directory, 'd'))).toMatchObject({ code: 66, stdout: '' });
    expect(await fold(join(directory, 'gone'))).toMatchObject({ code: 66, stdout: '' });
  });

  it('cannot also be the output', async () => {
    const file = save(join(directory, 's'));
    expect((await stapflame(['fold', trace, '--symbols', file, '-o', file])).code).toBe(64);
  });
});
