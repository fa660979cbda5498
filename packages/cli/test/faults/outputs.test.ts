import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { figure } from '../../../../testing/look.ts';
import { startProcess } from '../../../../testing/processes.ts';
import { until } from '../../../../testing/until.ts';
import { caseOf, MAIN } from '../stapflame.ts';
import { ownDirectory, RECORD, shell } from './process.ts';

const own = ownDirectory();
const FOLDED = 'root;leaf 3\n';
const isRoot = process.geteuid!() === 0;
/** A prefix that runs a command as an unprivileged user. */
const NOBODY = 'setpriv --reuid 65534 --regid 65534 --clear-groups';

beforeEach(() => writeFileSync(join(own.path, 'trace'), RECORD));

const read = (name: string): string => readFileSync(join(own.path, name), 'utf8');
/** Runs a shell command in the test's directory, which contains the trace. */
const inside = (line: string): ReturnType<typeof shell> => shell(`cd "$1" && ${line}`, own.path);

describe('an output whose name refers to an open descriptor', () => {
  it.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', '/proc/thread-self/fd/1', 'link', 'link-to-link'])(
    "is appended to the shell's output (-o %s)",
    async (name) => {
      symlinkSync('/dev/stdout', join(own.path, 'link'));
      symlinkSync('link', join(own.path, 'link-to-link'));
      const line = `(echo before; stapflame fold -q trace -o ${name}; echo after) >> log`;
      writeFileSync(join(own.path, 'log'), 'earlier\n');
      expect(await inside(line)).toMatchObject({ code: 0, stderr: '' });
      expect(read('log')).toBe(`earlier\nbefore\n${FOLDED}after\n`);
      expect(lstatSync(join(own.path, 'link')).isSymbolicLink()).toBe(true);
    },
  );
  it('may be the summary, which follows the folded text (--summary /dev/stdout)', async () => {
    expect((await inside('stapflame fold -q trace --summary /dev/stdout > both')).code).toBe(0);
    expect(read('both').startsWith(`${FOLDED}{\n`)).toBe(true);
    expect(JSON.parse(read('both').slice(FOLDED.length))).toMatchObject({ complete: true });
  });
  it('may be the summary, which follows the messages (--summary /dev/stderr)', async () => {
    expect((await inside('stapflame fold trace --summary /dev/stderr > folded 2> messages')).code).toBe(0);
    expect(read('messages')).toMatch(/^stapflame: 3 samples.*\n\{\n/);
  });
  it('may go to a descriptor above 2 that the shell opened', async () => {
    expect((await inside('stapflame fold -q trace -o /dev/fd/7 7> seven')).code).toBe(0);
    expect(read('seven')).toBe(FOLDED);
  });
  it('may go to a process substitution', async () => {
    const line = 'exec 9> >(cat > gone); stapflame fold -q trace -o /dev/fd/9; exec 9>&-; wait $!';
    expect((await inside(line)).code).toBe(0);
    expect(read('gone')).toBe(FOLDED);
  });
  it('results in exit code 74 if the descriptor is not open or is used by Node itself', async () => {
    const line =
      'for i in {3..18} 77; do stapflame fold -q trace -o /dev/fd/$i 2> /dev/null; echo $?; done | sort -u';
    expect((await inside(line)).stdout).toBe('74\n');
  });
  it("may go to another process's descriptor", async () => {
    const line = 'exec 8> eight; stapflame fold -q trace -o /proc/$$/fd/8';
    expect((await inside(line)).code).toBe(0);
    expect(read('eight')).toBe(FOLDED);
  });
});

describe('two outputs to the same file', () => {
  it.each([
    ['--summary and standard output that the shell redirects to the same file', 'fold trace --summary x > x'],
    ['--summary and -o', 'fold trace -o x --summary x'],
    [
      '-o and --summary with different paths to the file',
      'fold trace -o x --summary ../"$(basename "$PWD")"/./x',
    ],
    ['-o and --summary, one of which is a link', 'ln -s x y; stapflame fold trace -o x --summary y'],
    ['a palette file and -o', 'flame trace --cp -o palette.map'],
    ['--save and -o', 'record -p $$ -t 1 --save x -o x'],
    [
      '-o and standard output, redirected by the shell to the same file',
      'fold trace -o x --summary /dev/stdout > x',
    ],
  ])('are rejected with exit code 64 before anything is written: %s', async (_, words) => {
    const line = words.startsWith('ln') ? words : `stapflame ${words}`;
    const { code, stderr } = await inside(line);
    expect(stderr).toMatch(/are the same file; choose another name for -/);
    expect(code).toBe(64);
    for (const name of ['x', 'y', 'palette.map'])
      expect(existsSync(join(own.path, name)) ? read(name) : '').toBe('');
  });
  it.each([
    ['standard output', 'fold -q trace -o /dev/stdout --summary /dev/stdout'],
    ['a device', 'fold -q trace -o /dev/null --summary /dev/null'],
  ])('are allowed if the file is %s', async (_, words) => {
    expect((await inside(`stapflame ${words} > x`)).code).toBe(0);
  });
});

describe('a link that -o names', () => {
  it('is followed and not replaced', async () => {
    writeFileSync(join(own.path, 'file'), 'before');
    symlinkSync('file', join(own.path, 'link'));
    expect((await inside('stapflame fold -q trace -o link')).code).toBe(0);
    expect(lstatSync(join(own.path, 'link')).isSymbolicLink()).toBe(true);
    expect(read('file')).toBe(FOLDED);
  });
  it("is followed to a file that does not exist yet, relative to the link's directory", async () => {
    mkdirSync(join(own.path, 'deep'));
    symlinkSync('other', join(own.path, 'deep/link'));
    symlinkSync('deep/link', join(own.path, 'link'));
    expect((await inside('stapflame fold -q trace -o link')).code).toBe(0);
    expect(read('deep/other')).toBe(FOLDED);
  });
  it.each([
    ['into a missing directory', 'missing/file', /ENOENT/],
    ['to itself', 'link', /leads to itself/],
  ])('%s results in exit code 74', async (_, target, reason) => {
    symlinkSync(target, join(own.path, 'link'));
    const { code, stderr } = await inside('stapflame fold -q trace -o link');
    expect(stderr).toMatch(reason);
    expect(code).toBe(74);
  });
});

describe.runIf(isRoot)('root', () => {
  /** Creates a directory owned by `directoryOf` with a link owned by `linkOf` that leads to a file outside. */
  function linked(mode: number, directoryOf: number, linkOf: number): void {
    chmodSync(own.path, 0o755);
    const directory = join(own.path, 'shared');
    mkdirSync(directory);
    symlinkSync('../victim', join(directory, 'link'));
    execFileSync('chown', ['-h', String(linkOf), join(directory, 'link')]);
    execFileSync('chown', [String(directoryOf), directory]);
    chmodSync(directory, mode);
  }
  it.each([
    ["that belongs to another user, in that user's directory", 0o755, 65_534, 65_534],
    ["that belongs to root but is in another user's directory", 0o755, 65_534, 0],
    ['that belongs to another user, in a directory that everybody may write to', 0o1777, 0, 65_534],
    ['that belongs to another user, in a directory that a group may write to', 0o775, 0, 65_534],
  ])('gets exit code 77 for a link %s', async (_, mode, directoryOf, linkOf) => {
    linked(mode, directoryOf, linkOf);
    for (const victim of ['missing', 'present']) {
      if (victim === 'present') writeFileSync(join(own.path, 'victim'), victim);
      for (const flag of ['-o', '--summary', '-o out --summary']) {
        const { code, stderr } = await inside(`stapflame fold -q trace ${flag} shared/link`);
        expect(stderr).toMatch(
          /shared\/link: it is a symbolic link in a directory where other users can create links.*\.\.\/victim/,
        );
        expect(code).toBe(77);
      }
      expect(existsSync(join(own.path, 'victim')) ? read('victim') : 'missing').toBe(victim);
    }
  });
  it.each([
    ['that belongs to root, in a directory that everybody may write to', 0o1777, 0, 0],
    ['that belongs to another user, in a directory that only root may write to', 0o755, 0, 65_534],
  ])('follows a link %s', async (_, mode, directoryOf, linkOf) => {
    linked(mode, directoryOf, linkOf);
    expect((await inside('stapflame fold -q trace -o shared/link')).code).toBe(0);
    expect(read('victim')).toBe(FOLDED);
  });
  it('is the only user for whom links are rejected, because other users can only overwrite their own files', async () => {
    linked(0o1777, 65_534, 65_534);
    chmodSync(own.path, 0o777);
    const line = `${NOBODY} "$NODE" "$MAIN" fold -q trace -o shared/link`;
    expect(await inside(line)).toMatchObject({ code: 0, stderr: '' });
    expect(read('victim')).toBe(FOLDED);
  });
});

describe('an output', () => {
  it.runIf(isRoot)(
    'in a directory without write permission results in exit code 74 and a message with the reason',
    async () => {
      chmodSync(own.path, 0o755);
      const { code, stderr } = await inside(`${NOBODY} "$NODE" "$MAIN" fold -q trace -o out`);
      expect(stderr).toMatch(
        /^stapflame: cannot write out: EACCES: permission denied; .* its directory must be/,
      );
      expect(code).toBe(74);
    },
  );
  it('on a full device results in exit code 74', async () => {
    const { code, stderr } = await inside('stapflame fold -q trace -o /dev/full');
    expect(stderr).toMatch(/cannot write \/dev\/full after 0 bytes: ENOSPC/);
    expect(code).toBe(74);
  });
  it('is complete even if the summary cannot be written, but the exit code is 74', async () => {
    const { code, stderr } = await inside('stapflame fold -q trace -o out --summary /dev/full');
    expect(stderr).toMatch(/cannot write \/dev\/full/);
    expect(code).toBe(74);
    expect(read('out')).toBe(FOLDED);
  });
  it('to a named pipe waits for a reader, as in the shell, until a signal arrives', async () => {
    // /proc shows where a thread waits: either the kernel function or the number of the system call (openat)
    const line = `mkfifo pipe; "$NODE" "$MAIN" fold -q trace -o pipe & pid=$!; cd /proc/$pid/task
      while kill -0 $pid && ! grep -qs fifo_open */wchan && ! grep -qsE '^(257|56) ' */syscall; do sleep 0.05; done
      kill -INT $pid; wait $pid; echo $?; ls -A "$1"`;
    expect((await inside(line)).stdout).toBe('130\npipe\ntrace\n');
  });
  it('to a named pipe reaches its reader', async () => {
    expect((await inside('mkfifo pipe; cat pipe & stapflame fold -q trace -o pipe; wait')).stdout).toBe(
      FOLDED,
    );
  });
});

describe('--save', () => {
  it('writes a file that only its owner can read, even if it replaces a file that others could read', async () => {
    writeFileSync(join(own.path, 'site'), 'before');
    chmodSync(join(own.path, 'site'), 0o644);
    writeFileSync(join(own.path, 'stap'), `#!/bin/sh\ncat > /dev/null\n`);
    chmodSync(join(own.path, 'stap'), 0o755);
    await inside('umask 0; PATH="$PWD:$PATH"; stapflame record -q -p $$ -t 1 --save site -o out');
    expect(statSync(join(own.path, 'site')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(read('site'))).toMatchObject({ version: 1 });
  });
  it('keeps the old file if the new file cannot be written completely', async () => {
    writeFileSync(join(own.path, 'site'), 'before');
    const line = 'ulimit -f 0; stapflame record -q -p $$ -t 1 --save site -o /dev/null';
    expect((await inside(line)).code).toBe(74);
    expect(read('site')).toBe('before');
    expect(readdirSync(own.path).toSorted()).toEqual(['site', 'trace']);
  });
});

describe('a file name that is not valid UTF-8', () => {
  it('is used unchanged for inputs and outputs', async () => {
    const line = `cp trace $'in\\xff'; stapflame fold -q $'in\\xff' -o $'\\xe9\\xc3\\xa9\\xed\\xa0\\x80' --summary $'s\\xfe\\xf0\\x9f\\x98\\x80'; echo $?; ls -b --literal | cat -v`;
    const names = ['inM-^?', 'sM-~M-pM-^_M-^XM-^@', 'trace', 'M-iM-CM-)M-mM- M-^@'];
    expect((await inside(line)).stdout).toBe(`0\n${names.join('\n')}\n`);
  });
  it('may name a directory', async () => {
    const line = `d=$'d\\xff'; mkdir $d; mv trace $d; stapflame fold -q --memory 1M --tmpdir $d $d/trace -o $d/out; echo $?; ls -A $d; cd $d; stapflame fold -q trace -o here; cat here`;
    expect((await inside(line)).stdout).toBe(`0\nout\ntrace\n${FOLDED}`);
  });
  it('may name an attribute file or a palette file', async () => {
    const line = `n=$'n\\xff'; printf 'leaf\\ttitle=Blatt\\n' > $n; stapflame flame -q trace --nameattr $n --palette-map $n.map | grep -q Blatt; echo $?; ls | cat -v`;
    expect((await inside(line)).stdout).toBe('0\nnM-^?\nnM-^?.map\ntrace\n');
  });
  it('is shown in messages with its invalid bytes replaced', async () => {
    const { code, stderr } = await inside(`stapflame fold $'no\\xff'`);
    expect(stderr).toBe('stapflame: cannot open no\ufffd: there is no such file\n');
    expect(code).toBe(66);
  });
  it('is quoted in a command line so that the shell passes the same bytes to stap', async () => {
    const { code, stdout } = await inside(`stapflame script --command-line -p 1 -t 1 -d $'/x\\xff'`);
    expect(stdout).toContain(` -d $'/x\\377' `);
    expect(code).toBe(0);
  });
});

/** Whether a thread of the process waits in a write to standard output. */
function isWriting(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).some((thread) =>
    // the number of the system call `write`, which depends on the processor, and its first argument
    /^(?:1|64) 0x1 /.test(readFileSync(`/proc/${pid}/task/${thread}/syscall`, 'utf8')),
  );
}

it('an output results in exit code 0 and no message if its reader closes the pipe', async () => {
  const parse = `"$0" "$1" parse "$2"; echo "code $?" >&2`;
  const child = startProcess('sh', ['-c', parse, process.execPath, MAIN, caseOf('programs-real_perl').trace]);
  child.stdout!.once('data', () => child.stdout!.destroy());
  const stderr = await text(child.stderr!);
  expect(stderr).toBe('code 0\n');
});

it('an output results in exit code 0 and no message if its reader closes a socket with unread data', async () => {
  const child = startProcess(process.execPath, [MAIN, 'parse', caseOf('programs-real_perl').trace]);
  // Node connects its children with sockets
  let before = 0;
  await until('the command waits because the socket is full', () => {
    const written = figure(child.pid!, 'io', 'wchar');
    const waits = written > 1 << 16 && written === before && isWriting(child.pid!);
    before = written;
    return waits;
  });
  child.stdout!.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
});
