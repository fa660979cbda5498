import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { until } from '../../../../testing/until.ts';
import { caseOf, stapflameAlone as stapflame } from '../stapflame.ts';
import { ownDirectory, RECORD, shell, start } from './process.ts';

const own = ownDirectory();

/** Runs `change` after `stapflame parse` has printed a file's first stack, while most of the file is still unread. */
const meanwhile = (change: string, ...options: string[]): ReturnType<typeof shell> => {
  const file = join(own.path, 'trace');
  writeFileSync(file, RECORD.repeat(100_000));
  const line = `stapflame parse "$@" | (read -r; ${change}; cat > /dev/null); exit "\${PIPESTATUS[0]}"`;
  return shell(line, file, ...options);
};

describe('an input that changes while it is being read', () => {
  it.each([
    ['grows', 'echo >> "$1"', /changed from \d+ to \d+ bytes while it was being read/],
    ['shrinks', 'truncate -s 1M "$1"', /changed from \d+ to 1048576 bytes while it was being read/],
    [
      'is written to',
      'printf x | dd of="$1" conv=notrunc status=none',
      /was written to while it was being read/,
    ],
  ])('results in exit code 75 if it %s', async (_, change, message) => {
    const { code, stderr } = await meanwhile(change);
    expect(stderr).toMatch(message);
    expect(code).toBe(75);
  });
  it('is also reported in the summary if it grows', async () => {
    const summary = join(own.path, 'summary');
    expect((await meanwhile('echo >> "$1"', '--summary', summary)).code).toBe(75);
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({ complete: false });
  });
});

describe('an input', () => {
  const good = readFileSync(caseOf('burn-u_g').trace);
  it.each<[string, string | Uint8Array, number, RegExp]>([
    ['UTF-16', Buffer.from(`\ufeff${RECORD}`, 'utf16le'), 65, /UTF-16/],
    ['text with a BOM', `\ufeff${RECORD}`, 0, /3 samples/],
    ['text with CRLF', RECORD.replaceAll('\n', '\r\n'), 0, /3 samples/],
    ['NUL bytes', new Uint8Array(5000), 65, /nothing usable/],
    ['invalid UTF-8', Buffer.from(RECORD.replace('leaf', '\xff\xfe'), 'latin1'), 0, /3 samples/],
    ['a gzip file that ends too early', gzipSync(good).subarray(0, 900), 75, /is truncated or damaged/],
    ['a gzip file within a gzip file', gzipSync(gzipSync(good)), 65, /compressed twice; decompress it first/],
    ['perf.data', 'PERFILE2'.padEnd(200, '\0'), 65, /perf\.data/],
    ['perf script', 'perl 1 [000] 1.5: 7 cycles:\n\tffff foo (bar)\n\n', 0, /: 7 cycles in 1 distinct stack/],
    ['perf script without times', 'java 1 cycles:\nffff f ([k])\n\n', 0, /: 1 sample in 1 distinct stack/],
    [
      'perf script without times, with indented frames',
      'node-v011 1 cpu-clock: \n   a0 f<&> (/tmp/a.map)\n\n',
      0,
      / in 1 distinct/,
    ],
    ['folded', 'a;b 5\n', 65, /use render/],
    ['an SVG', '<svg></svg>\n', 65, /an SVG; open it in a browser/],
    ['XML other than SVG', '<?xml version="1.0"?>\n<trace-query-result/>\n', 65, /XML/],
    ['compressed by bzip2', 'BZh91AY&SY', 65, /bzip2 -dc/],
    ['compressed by xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4), 65, /xz -dc/],
    ['a pprof profile', gzipSync(Uint8Array.of(10, 4, 8, 1, 16, 2, 10, 4, 8, 3, 16, 4)), 65, /go tool pprof/],
    [
      'our own pprof profile',
      gzipSync(Uint8Array.of(26, 6, 8, 1, 40, 1, 56, 1, 26, 6, 8, 2)),
      65,
      /go tool pprof/,
    ],
    ['output of sample', 'Analysis of sampling a (pid 1) every 1 millisecond\n', 65, /-sample\.awk/],
    ['a thread dump', '2026-01-01\nFull thread dump OpenJDK\n', 65, /-jstack\.pl/],
    ["SystemTap's messages", 'Pass 2: analysis failed.  [man error::pass2]\n', 65, /doctor --stderr/],
    ['JSON', '{"a":1}\n', 65, /JSON/],
    ['an ELF file', '\x7fELF\x02\x01\x01'.padEnd(200, '\0'), 65, /ELF/],
    ['a count of 2^53', RECORD.replace('3', '9007199254740992'), 0, /9007199254740991/],
    ['a negative count', RECORD.replace('\t3', '\t-3'), 65, /damaged/],
    ['a decimal count', RECORD.replace('\t3', '\t1.5'), 65, /damaged/],
    ['a hexadecimal count', RECORD.replace('\t3', '\t0x10'), 65, /damaged/],
    ['a count of 100 000 digits', RECORD.replace('\t3', `\t${'9'.repeat(100_000)}`), 65, /./],
    ['a line of 8 MiB', ` 0x1 : ${'x'.repeat(8 << 20)}\n\t1\n${RECORD}`, 75, /long-line/],
  ])('that is %s causes the expected message and exit code', async (_, input, code, message) => {
    const ended = await stapflame(['fold'], input);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
  });
  it.each([
    ['a directory', '.', /directory/],
    ['an endless device', '/dev/zero', /device/],
    ['missing', '/nonexistent', /no such file/],
  ])('that is %s results in exit code 66', async (_, file, message) => {
    for (const command of ['fold', 'render', 'parse', 'flame']) {
      const { code, stderr } = await stapflame([command, file]);
      expect(code).toBe(66);
      expect(stderr).toMatch(message);
    }
  });
  it.runIf(process.getuid?.() === 0)('that is unreadable results in exit code 66', async () => {
    const { code, stdout } = await shell(
      'chmod 755 "$1"; echo x > "$1/secret"; chmod 600 "$1/secret"; setpriv --reuid 65534 --regid 65534 --clear-groups "$NODE" "$MAIN" fold "$1/secret" 2>&1',
      own.path,
    );
    expect(stdout).toContain('no permission to read it');
    expect(code).toBe(66);
  });
  it('that is a socket, opened by the name /dev/stdin, results in exit code 66', async () => {
    const line = `exec 3<> /dev/tcp/127.0.0.1/$2 && stapflame fold /dev/stdin <&3`;
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await shell(line, own.path, String(port));
    server.close();
    expect(stderr).toContain(
      'cannot open /dev/stdin: it is a socket, which cannot be opened by name; leave out the name to read standard input',
    );
    expect(code).toBe(66);
  });
  it('that is a named pipe is read once it has a writer', async () => {
    const fifo = join(own.path, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { end } = start(['fold', '-q', fifo]);
    // opening with O_NONBLOCK fails until there is a reader
    const writer = await until('fold opens the pipe', () =>
      openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK),
    );
    writeSync(writer, RECORD);
    closeSync(writer);
    expect(await end).toMatchObject({ code: 0, stdout: 'root;leaf 3\n' });
  });
  it('that is a gzip bomb is read with a limited amount of memory', async () => {
    const bomb = join(own.path, 'bomb');
    writeFileSync(bomb, gzipSync(new Uint8Array(256 << 20)));
    const { code, stderr } = await shell('prlimit --data=400000000 "$NODE" "$MAIN" fold "$1"', bomb);
    expect(stderr).toContain('nothing usable');
    expect(code).toBe(65);
  });
});

describe('the input for render', () => {
  it.each([
    ['a trace', RECORD],
    ['a trace with headings that end in a number', `burn 201\n${RECORD}`],
    [
      'a trace from a stapflame script that has no samples',
      '# stapflame 1 mode=stream hz=99\n#. 71\n#. 72\n',
    ],
    ['a trace with a heading that looks like a folded stack', 'foo+0x1 [bar]\nburn 3\nbaz+0x2 [bar]\n\t3\n'],
  ])('is rejected with a message that names flame if it is %s', async (_, input) => {
    const { code, stdout, stderr } = await stapflame(['render'], input);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr).toContain('it is a SystemTap trace; use flame');
  });
  it.each([
    ['', 'it is empty'],
    ['no stack\n', 'no folded stacks (root;…;leaf COUNT)'],
  ])('is rejected with the reason if it is not folded text (%j)', async (input, message) => {
    const { code, stderr } = await stapflame(['render'], input);
    expect(code).toBe(65);
    expect(stderr).toContain(message);
  });
});

describe('a pipe', () => {
  it('that is written byte by byte is read correctly', async () => {
    const { child, end } = start(['fold', '-q']);
    for (const byte of Buffer.from(RECORD))
      await new Promise((resolve) => child.stdin!.write(Uint8Array.of(byte), resolve));
    child.stdin!.end();
    expect(await end).toMatchObject({ code: 0, stdout: 'root;leaf 3\n' });
  });
  it('whose reader closes it makes the command exit with 0 and no message, and stops the writer', async () => {
    const { stdout, stderr } = await shell(
      'yes "$(printf \' 0x1 : a+0x1/0x2 [/p]\\n\\t1\')" | stapflame parse | head -1; echo "${PIPESTATUS[@]}"',
    );
    expect(stdout).toMatch(/^\{"count":1.*\n141 0 0\n$/);
    expect(stderr).toBe('');
  });
  it('that nobody reads lets --help end without a message', async () => {
    const { stdout, stderr } = await shell('stapflame --help | true; echo "${PIPESTATUS[0]}"');
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });
});
