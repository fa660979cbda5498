import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAIN } from '../stapflame.ts';

const NOBODY = 65_534;
const isRoot = process.getuid!() === 0;
/** Drops root's privileges, so that the target has no more rights than an ordinary user. */
const AS_NOBODY = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
const IN_NAMESPACE = [...AS_NOBODY, 'unshare', '--map-root-user'];
const canUnshare = spawnSync(IN_NAMESPACE[0]!, [...IN_NAMESPACE.slice(1), 'true']).status === 0;
const hasPerl = spawnSync('perl', ['-e', '1']).status === 0;

const HEADER = '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128';
const RECORD = '#< 0 5\n 0x401000 : work+0x4/0x10 [/opt/demo/bin/burn]\nburn\n#> 0 5\n\t1';
const WHOLE = `${HEADER}\n${RECORD}\n# stapflame end hits=1\n`;
const SAMPLE = `printf '%s' '${WHOLE}'`;

let directory: string;
let jail: string;
/** Processes started by a test, which are killed after the test. */
const started: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hostile-target-'));
  chmodSync(directory, 0o755);
  jail = join(directory, 'jail');
  mkdirSync(jail);
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(directory, { recursive: true });
});

/** Starts a program, waits for the line that it prints when it is ready, and returns its process id. */
async function start(command: readonly string[]): Promise<number> {
  const [file, ...args] = command;
  const target = spawn(file!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(target);
  await once(target.stdout, 'data');
  return target.pid!;
}

/** Returns the paths where the loader finds the libraries that a program is linked against. */
function librariesOf(program: string): readonly string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library!);
}

/** A library that any program can load in addition to those that it is linked against. */
const LIBRARY = librariesOf(process.execPath).find((file) => /\/lib(?:m|dl|pthread|gcc_s)[.-]/.test(file))!;

function put(file: string, at: string): void {
  mkdirSync(dirname(join(jail, at)), { recursive: true });
  copyFileSync(file, join(jail, at));
  chmodSync(join(jail, at), 0o755);
}

const maps = (pid: number): string => readFileSync(`/proc/${pid}/maps`, 'utf8');

/**
 * Starts a program in a chroot and a separate user namespace. The program maps `files`, which are copies of a library,
 * as executable code.
 */
async function startMapping(...files: readonly string[]): Promise<number> {
  for (const program of ['/bin/sh', '/bin/sleep']) {
    put(program, program);
    for (const library of librariesOf(program)) put(library, library);
  }
  for (const file of files) if (!existsSync(join(jail, file))) put(LIBRARY, file);
  const script = `LD_PRELOAD='${files.join(' ')}'; export LD_PRELOAD; echo ready; exec /bin/sleep 600`;
  const pid = await start([...IN_NAMESPACE, 'chroot', jail, '/bin/sh', '-c', script]);
  await expect.poll(() => files.every((file) => maps(pid).includes(file)), { timeout: 10_000 }).toBe(true);
  return pid;
}

const pipe = (path: string): void => void execFileSync('mkfifo', [path]);

/**
 * Starts a program that maps its files and then changes its root directory. In the new one, `put` has created something
 * else at each file's path.
 */
async function startBeforeChroot(
  put: (path: string) => void,
): Promise<{ readonly pid: number; readonly files: readonly string[] }> {
  const perl = realpathSync(execFileSync('which', ['perl'], { encoding: 'utf8' }).trim());
  const files = [perl, ...librariesOf(perl)].map((file) => realpathSync(file));
  for (const file of files) {
    mkdirSync(join(jail, dirname(file)), { recursive: true });
    put(join(jail, file));
  }
  const script = 'chroot $ARGV[0] or die; chdir "/"; $| = 1; print "ready\n"; sleep 600';
  const pid = await start([...IN_NAMESPACE, perl, '-e', script, jail]);
  return {
    pid,
    files: files.filter((file) =>
      maps(pid).includes(` ${file}
`),
    ),
  };
}

interface Recorded {
  readonly code: number | null;
  readonly stderr: string;
  /** stap's arguments. */
  readonly words: readonly string[];
}

function spawnRecord(pid: number, stap: string, words: readonly string[], env = {}): ChildProcess {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\ncat > /dev/null; printf '%s\\n' "$@" > ${directory}/words\n${stap}\n`;
  writeFileSync(join(bin, 'stap'), script, { mode: 0o755 });
  const given = ['-p', String(pid), '-t', '5', '-o', '/dev/null', ...words];
  const child = spawn(process.execPath, [MAIN, 'record', ...given], {
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(child);
  return child;
}

async function record(pid: number, stap: string, words: readonly string[] = [], env = {}): Promise<Recorded> {
  const child = spawnRecord(pid, stap, words, env);
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);
  const given = existsSync(join(directory, 'words')) ? readFileSync(join(directory, 'words'), 'utf8') : '';
  return { code, stderr, words: given.split('\n') };
}

/** Copies the directory that stap was given as its sysroot, so that the test can examine it after the run. */
const KEEP = `for word; do case $word in --sysroot=*) cp -a "\${word#--sysroot=}" ${'$(dirname "$0")'}/../kept;; esac; done\n${SAMPLE}`;
const kept = (file: string): string => join(directory, 'kept', file);

describe.skipIf(!canUnshare)(
  `another user's program in its own chroot${canUnshare ? '' : ' (skipped: this machine does not allow user namespaces)'}`,
  () => {
    it('cannot make stapflame write outside the copy directory, whatever paths it maps', async () => {
      const name = basename(directory);
      const traps = ['/boot', '/usr/lib/debug', '/lib/modules'].map((place) => `${place}/${name}.so`);
      const pid = await startMapping(...traps, '/srv/own.so');
      try {
        const { code, stderr } = await record(pid, KEEP);
        expect(code).toBe(0);
        expect(traps.filter((trap) => existsSync(trap))).toEqual([]);
        // each trap is reported, and the program's other file and the kernel's files are still there
        for (const trap of traps) expect(stderr).toContain(`${trap} (`);
        expect(readFileSync(kept('srv/own.so')).equals(readFileSync(join(jail, 'srv/own.so')))).toBe(true);
        expect(realpathSync(kept('boot'))).toBe(realpathSync('/boot'));
      } finally {
        for (const trap of traps) rmSync(trap, { force: true });
      }
    });

    it('cannot fill the disk with a sparse file', async () => {
      const file = '/srv/hole.so';
      put(LIBRARY, file);
      truncateSync(join(jail, file), 2 ** 40);
      const { code, stderr } = await record(await startMapping(file), KEEP);
      expect(code).toBe(0);
      expect(stderr).toMatch(/\/srv\/hole\.so \(it is 1048576 MiB long, and only \d+ MiB can be copied\)/);
      expect(existsSync(kept(file))).toBe(false);
    });

    it.runIf(hasPerl).each([
      ['nothing', () => undefined],
      ['a pipe', pipe],
      ['a link to a device', (path: string) => symlinkSync('/dev/zero', path)],
      ['another file', (path: string) => writeFileSync(path, 'another')],
    ])(
      'is sampled with the files that it mapped before the chroot even if their paths in the chroot lead to %s',
      async (_, put) => {
        const { pid, files } = await startBeforeChroot(put);
        const { code, stderr, words } = await record(pid, SAMPLE);
        expect({ code, stderr }).toEqual({
          code: 0,
          stderr: expect.not.stringContaining('functions will have no names'),
        });
        expect(words.filter((word) => word.startsWith('--sysroot'))).toEqual([]);
        for (const file of files) expect(words).toContain(file);
      },
    );

    it.runIf(hasPerl)('cannot prevent Ctrl-C from ending the run', async () => {
      const { pid } = await startBeforeChroot(pipe);
      const waits = "trap 'exit 0' INT TERM; echo it waits >&2; while :; do sleep 0.1; done";
      const child = spawnRecord(pid, waits, []);
      let said = '';
      for await (const piece of child.stderr!) {
        said += String(piece);
        if (said.includes('it waits')) break;
      }
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([75, null]);
    });
  },
);

describe.skipIf(!isRoot)(
  `root${isRoot ? '' : ' (skipped: only root can start a program as another user)'}`,
  () => {
    const owned = async (): Promise<number> => {
      const program = join(jail, 'sleep');
      copyFileSync('/bin/sleep', program);
      chownSync(jail, NOBODY, NOBODY);
      const script = 'echo ready; exec "$0" 600';
      const pid = await start([...AS_NOBODY, 'sh', '-c', script, program]);
      await expect.poll(() => maps(pid).includes(program), { timeout: 10_000 }).toBe(true);
      return pid;
    };

    it('lets stap read a copy of each file that another user could replace before stap opens it', async () => {
      const { code, words } = await record(await owned(), KEEP);
      expect(code).toBe(0);
      expect(words).toContain(join(jail, 'sleep'));
      expect(readFileSync(kept(join(jail, 'sleep'))).equals(readFileSync('/bin/sleep'))).toBe(true);
    });

    it('leaves out and reports the files that another user could replace if stap cannot use copies', async () => {
      const { code, stderr, words } = await record(await owned(), SAMPLE, ['--kind', 'off-cpu']);
      expect(code).toBe(0);
      expect(words).not.toContain(join(jail, 'sleep'));
      expect(stderr).toContain(`${join(jail, 'sleep')} (`);
    });

    it('refuses to use a temporary directory that another user could replace', async () => {
      const pid = await owned();
      const { code, stderr, words } = await record(pid, SAMPLE, [], { TMPDIR: jail });
      expect({ code, words }).toEqual({ code: 77, words: [''] });
      expect(stderr).toContain('TMPDIR');
    });
  },
);
