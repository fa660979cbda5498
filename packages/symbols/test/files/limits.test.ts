import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../../testing/cleanup.ts';
import { FileLookup, type CodePlace } from '../../src/index.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/elf', import.meta.url));
const PIE_ID = '83b1cefa8dcbdb2eb5a85adcb96b0f7d972cd2d4';
/** The sed command that prints an answer after each address. */
const ANSWER = String.raw`-e 's|$|\nname\n/src/a.c:1|'`;

let directory: string;
let log: string;
beforeEach(() => {
  directory = temporaryDirectory();
  log = join(directory, 'log');
});

/** Creates a lookup that uses a shell script with this text. */
function scripted(text: string): FileLookup {
  const tool = join(directory, 'llvm-symbolizer');
  writeFileSync(tool, `#!/bin/sh\n${text}\n`);
  chmodSync(tool, 0o755);
  const files = new FileLookup({ path: directory, files: [join(FIXTURES, 'debug/pie.debug')] });
  atEnd(() => files.close());
  return files;
}

const place = (offset: number, module = '/opt/pie'): CodePlace => ({
  module,
  buildId: PIE_ID,
  offset,
  named: false,
});

describe('a lookup in files', () => {
  it('has at most eight running processes, and closes the least recently used one', async () => {
    const files = scripted(`echo started >> ${log}; exec sed -u ${ANSWER}`);
    let offset = 0x1000;
    /** Looks up one more address in a module, and returns how many processes were started so far. */
    const started = async (module: number): Promise<number> => {
      const found = await files.lookup([place(offset++, `/opt/pie-${module}`)]);
      expect(found).toMatchObject([[{ symbol: 'name' }]]);
      return readFileSync(log, 'utf8').length / 'started\n'.length;
    };
    for (let module = 1; module <= 8; module++) expect(await started(module)).toBe(module);
    // module 2 is now the least recently used one
    expect(await started(1)).toBe(8);
    expect(await started(9)).toBe(9);
    expect(await started(1)).toBe(9);
    expect(await started(2)).toBe(10);
    expect(files.report.map(({ problem }) => problem)).toEqual(Array.from({ length: 9 }, () => undefined));
  });

  it('caches at most 2¹⁷ answers for each file, and looks up forgotten ones again', async () => {
    const files = scripted(`exec sed -u -e '/^0x1$/w ${log}' ${ANSWER}`);
    const places = Array.from({ length: 1 << 17 }, (_, i) => place(i + 1));
    /** How often the address 1 was looked up. */
    const asked = (): number => readFileSync(log, 'utf8').split('\n').length - 1;
    expect((await files.lookup(places)).every((functions) => functions?.[0]?.symbol === 'name')).toBe(true);
    await files.lookup([place(1)]);
    expect(asked()).toBe(1);
    await files.lookup([place(places.length + 1)]);
    await files.lookup([place(1)]);
    expect(asked()).toBe(2);
  });

  it('finds no more names after it is closed', async () => {
    const files = scripted(`exec sed -u ${ANSWER}`);
    files.close();
    files.close();
    expect(await files.lookup([place(0x1040)])).toEqual([undefined]);
    expect(files.report).toEqual([
      { module: '/opt/pie', asked: 1, found: 0, problem: 'the lookup was stopped' },
    ]);
  });

  it.each([{ patience: 0 }, { files: '/opt/pie.debug' }, { path: 7 }, { paths: '/bin' }])(
    'rejects the options %j',
    (options) => {
      expect(() => new FileLookup(options as object)).toThrow(
        expect.objectContaining({ name: 'SymbolsError', code: 'INVALID_OPTIONS' }),
      );
    },
  );
});
