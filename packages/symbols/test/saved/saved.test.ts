import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSavedFile, KnownCode, readSavedFile, SymbolsError } from '../../src/index.ts';
import { addressOf } from '../../src/saved/address.ts';
import { Kallsyms } from '../../src/saved/kallsyms.ts';
import { isPerfMap, PerfMap } from '../../src/saved/perf-map.ts';
import { ProcessMaps } from '../../src/saved/process-maps.ts';

const STRIP_MAPS = readFileSync(new URL('../fixtures/strip.maps.txt', import.meta.url), 'utf8');

describe('an address', () => {
  it.each([
    ['0x401000', 0x401000],
    ['7fee72b14545', 0x7fee72b14545],
    ['0xffffffff81000000', -0x7f000000],
    ['0xffffffffffffffff', -1],
  ])('%s has a unique number', (text, address) => {
    expect(addressOf(text)).toBe(address);
  });

  it.each(['', '0x', '0x12345678901234567', '0x8000000000000001', 'main', '0x1g'])('cannot be %o', (text) => {
    expect(addressOf(text)).toBeUndefined();
  });
});

describe('a perf map', () => {
  it('names the code in the ranges of its lines, and later lines take precedence', () => {
    const map = new PerfMap('1000 20 old\n1010 20 LazyCompile:*new /srv/a.js:3:14\n0x2000 0x10 hex\n');
    expect(map.nameAt(0xfff)).toBeUndefined();
    expect(map.nameAt(0x100f)).toBe('old');
    expect(map.nameAt(0x1010)).toBe('LazyCompile:*new /srv/a.js:3:14');
    expect(map.nameAt(0x102f)).toBe('LazyCompile:*new /srv/a.js:3:14');
    expect(map.nameAt(0x1030)).toBeUndefined();
    expect(map.nameAt(0x200f)).toBe('hex');
  });

  it('skips lines that do not match the format, have size 0, or have an invalid end', () => {
    const map = new PerfMap(
      '\nfoo\n1000 0 empty\n1000\n-1 5 minus\n1000 ffffffffffffffff wide\n10 2 \n20 2 ok',
    );
    expect(map.nameAt(0x1000)).toBeUndefined();
    expect(map.nameAt(0x20)).toBe('ok');
  });

  it('may have a million overlapping lines, and only its last 2²⁰ lines are read', () => {
    const lines = Array.from(
      { length: 1 << 20 },
      (_, i) => `${(0x200000 - i).toString(16)} ${(2 * i + 1).toString(16)} f${i}\n`,
    );
    const map = new PerfMap(`9000000 10 dropped\n${lines.join('')}`);
    expect(map.nameAt(0x9000000)).toBeUndefined();
    expect(map.nameAt(0x200000)).toBe(`f${lines.length - 1}`);
    expect(map.nameAt(0x200000 - lines.length)).toBeUndefined();
  });

  it('is recognised by its first line', () => {
    expect(isPerfMap('18c4000 300 Builtin:Foo\n')).toBe(true);
    expect(isPerfMap('main;foo 3\n')).toBe(false);
    expect(isPerfMap('')).toBe(false);
  });

  it('accepts any text', () => {
    const line = fc.tuple(
      fc.stringMatching(/^[0-9a-f]{0,17}$/),
      fc.stringMatching(/^[0-9a-f]{0,17}$/),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const map = new PerfMap(lines.map((each) => each.join(' ')).join('\n'));
        for (const [start] of lines) map.nameAt(addressOf(start) ?? 0);
      }),
    );
  });
});

describe('kernel symbols', () => {
  const TEXT = `ffffffff81000000 T _text
ffffffff81000010 t schedule
ffffffff81000010 T alias
ffffffff81000090 D data
ffffffff81000100 T last
ffffffffc0000000 t ext4_sync\t[ext4]
`;

  it('name the function that contains the address', () => {
    const kernel = new Kallsyms(TEXT);
    expect(kernel.nameAt(addressOf('ffffffff81000011')!)).toBe('schedule');
    expect(kernel.nameAt(addressOf('ffffffffc0000004')!)).toBe('ext4_sync');
    expect(kernel.nameAt(addressOf('ffffffffc1000004')!)).toBeUndefined();
    expect(kernel.nameAt(addressOf('ffffffff80ffffff')!)).toBeUndefined();
  });

  it('name no functions if their addresses are hidden', () => {
    expect(new Kallsyms('0000000000000000 T _text\n0000000000000000 T main\n').nameAt(0)).toBeUndefined();
  });
});

describe('process maps', () => {
  it('locate an address as SystemTap does', () => {
    // 0x55c19bb7e898 : 0x55c19bb7e898 [/opt/demo/bin/burn-stripped+0x1898/0x0]
    expect(new ProcessMaps(STRIP_MAPS).placeAt(0x55c19bb7e898)).toEqual({
      module: '/opt/demo/bin/burn-stripped',
      offset: 0x1898,
    });
  });

  it('do not locate data, or memory without a file', () => {
    const maps = new ProcessMaps(`1000-2000 r--p 00000000 fe:00 7    /bin/a (deleted)
2000-3000 r-xp 00001000 fe:00 7    /bin/a (deleted)
3000-4000 r-xp 00000000 00:00 0
4000-5000 r-xp 00005000 fe:00 8    /lib/without its first byte
`);
    expect(maps.placeAt(0x2004)).toEqual({ module: '/bin/a', offset: 0x1004 });
    for (const address of [0x1004, 0x3004, 0x4004, 0x9000]) expect(maps.placeAt(address)).toBeUndefined();
  });
});

describe('the code of several processes', () => {
  const maps = (file: string): string => `1000-2000 r-xp 00000000 fe:00 7 ${file}\n`;
  const code = (...files: string[]): KnownCode =>
    new KnownCode([
      {
        buildIds: {},
        processes: files.map((file, pid) => ({ pid, maps: maps(file), perfMap: `8000 10 of ${file}` })),
      },
    ]);

  it('is known if all processes with code at the address have the same code', () => {
    expect(code('/bin/a', '/bin/a').codeAt(0x1004)).toEqual({ module: '/bin/a', offset: 4 });
    expect(code('/bin/a').codeAt(0x8001)).toEqual({ jit: 'of /bin/a' });
  });

  it('is unknown if the processes have different code', () => {
    expect(code('/bin/a', '/bin/b').codeAt(0x1004)).toBeUndefined();
    expect(code('/bin/a', '/bin/b').codeAt(0x8001)).toBeUndefined();
  });

  it('is known where only one process has a perf map', () => {
    const processes = [
      { pid: 1, maps: '' },
      { pid: 2, maps: '', perfMap: '8000 10 hot' },
    ];
    expect(new KnownCode([{ buildIds: {}, processes }]).codeAt(0x8001)).toEqual({ jit: 'hot' });
  });

  it('has no build-id if several build-ids were saved for its path', () => {
    const site = (id: string) => ({ buildIds: { '/bin/a': id }, processes: [] });
    expect(new KnownCode([site('aa11'), site('aa11')]).buildIdOf('/bin/a')).toBe('aa11');
    expect(new KnownCode([site('aa11'), site('bb22'), site('aa11')]).buildIdOf('/bin/a')).toBeUndefined();
  });
});

describe('a saved file', () => {
  it('contains the processes of each machine', () => {
    const processes = [
      { pid: 7, maps: 'm', perfMap: 'p' },
      { pid: 8, maps: 'n' },
    ];
    const site = { host: 'a', buildIds: {}, processes, kallsyms: 'k' };
    expect(readSavedFile(JSON.stringify({ version: 1, sites: [site, {}] }))).toEqual([
      site,
      { buildIds: {}, processes: [] },
    ]);
  });

  it('is recognised by its first character', () => {
    expect(isSavedFile('\n{"version":1}')).toBe(true);
    expect(isSavedFile('main;foo 3\n')).toBe(false);
  });

  it('from the first releases contains one process per machine', () => {
    const text =
      '{"version":1,"sites":[{"pid":7,"release":"6.1","cpus":2,"maps":"m","buildIds":{"/a":"ab12"}}]}';
    expect(readSavedFile(text)).toEqual([
      { release: '6.1', buildIds: { '/a': 'ab12' }, processes: [{ pid: 7, maps: 'm' }] },
    ]);
  });

  it.each(['', '{', '[]', '{"version":2,"sites":[]}', '{"version":1,"sites":[{"buildIds":{"/a":"../b"}}]}'])(
    'cannot be %o',
    (text) => {
      expect(() => readSavedFile(text)).toThrow(SymbolsError);
    },
  );
});

describe('exported functions that are read from modules', () => {
  it('are read once for each module, and again only if many other modules have been read in the meantime', () => {
    const asked: string[] = [];
    const megabyte = `10 ${'a'.repeat(1 << 20)}\n`;
    const code = new KnownCode([], [], (module) => {
      asked.push(module);
      return module === '/none' ? undefined : `${megabyte}8 first\n`;
    });
    for (let i = 0; i < 3; i++) {
      expect(code.isBeyondExported('/lib/0', 'first', 8)).toBe(true);
      expect(code.isBeyondExported('/lib/0', 'first', 7)).toBe(false);
      expect(code.isBeyondExported('/none', 'first', 8)).toBe(false);
    }
    expect(asked).toEqual(['/lib/0', '/none']);
    for (let i = 1; i < 40; i++) expect(code.isBeyondExported(`/lib/${i}`, 'first', 8)).toBe(true);
    expect(code.isBeyondExported('/lib/39', 'first', 8)).toBe(true);
    expect(asked.length).toBe(41);
    expect(code.isBeyondExported('/lib/0', 'first', 8)).toBe(true);
    expect(asked.length).toBe(42);
  });
});
