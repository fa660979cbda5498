import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProcess } from '../../../testing/processes.ts';
import { identify, removeUnfinished, temporaryDirectory, unfinishedName } from '../src/temporary.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'temporary-test-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

const isRoot = process.geteuid!() === 0;
const NOBODY = 65_534;

/** The parts of a temporary name. */
interface Parts {
  readonly boot: string;
  readonly namespace: string;
  readonly pid: string;
  readonly start: string;
}

/** Returns the name that this process would give a temporary directory, with some parts replaced. */
function nameWith(change: Partial<Parts>): string {
  const parts = unfinishedName().slice(1, -'.part'.length).split('-');
  const [, boot = '', namespace = '', pid = '', start = '', random = ''] = parts;
  return ['stapflame', ...Object.values({ boot, namespace, pid, start, random, ...change })].join('-');
}

const gone = (): string => String(spawnSync('true').pid);

/** Creates a directory and an unfinished file with this name. Returns the names of those that the next run keeps. */
function left(name: string): readonly string[] {
  mkdirSync(join(parent, name), { mode: 0o700 });
  writeFileSync(join(parent, `.${name}.part`), '');
  removeUnfinished(parent);
  rmSync(temporaryDirectory(parent), { recursive: true });
  return readdirSync(parent);
}

it('creates a directory that only its user can enter', () => {
  expect(statSync(temporaryDirectory(parent)).mode & 0o777).toBe(0o700);
});

it('never returns the same name twice', () => {
  expect(new Set(Array.from({ length: 1000 }, unfinishedName)).size).toBe(1000);
});

describe('a leftover of an earlier run', () => {
  it('is removed if its process has ended', () => {
    expect(left(nameWith({ pid: gone() }))).toEqual([]);
  });
  it('is removed if its process id now belongs to a process that started later', () => {
    expect(left(nameWith({ start: '1' }))).toEqual([]);
  });
  it('is removed with its contents, but links in it are not followed', () => {
    const name = nameWith({ pid: gone() });
    mkdirSync(join(parent, name), { mode: 0o700 });
    mkdirSync(join(parent, name, 'deep'));
    const kept = join(parent, 'kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'file'), '');
    symlinkSync(kept, join(parent, name, 'deep', 'link'));
    const next = temporaryDirectory(parent);
    expect(readdirSync(parent).toSorted()).toEqual(['kept', basename(next)].toSorted());
    expect(existsSync(join(kept, 'file'))).toBe(true);
  });
  it('is removed from a directory whose name is not valid UTF-8', () => {
    const directory = Buffer.concat([Buffer.from(`${parent}/`), Buffer.of(0xff)]);
    mkdirSync(directory);
    const file = Buffer.from(`/.${nameWith({ pid: gone() })}.part`);
    writeFileSync(Buffer.concat([directory, file]), '');
    removeUnfinished(directory);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('a file or directory is not removed', () => {
  it.each<[string, () => string]>([
    ['if it belongs to this process', () => nameWith({})],
    [
      'if it belongs to another process that is still running',
      () => nameWith({ pid: '1', start: startOf(1) }),
    ],
    ['if it belongs to another PID namespace', () => nameWith({ namespace: '1', pid: gone() })],
    [
      'if it is from another boot, perhaps on another host',
      () => nameWith({ boot: 'f'.repeat(32), pid: gone() }),
    ],
    ['if its name does not have our format', () => `stapflame-${gone()}`],
  ])('%s', (_, makeName) => {
    const name = makeName();
    expect(left(name)).toEqual([`.${name}.part`, name]);
  });
  it.runIf(isRoot)('if it belongs to a running process that this process is not allowed to signal', () => {
    const { pid } = startProcess('sleep', ['infinity'], { uid: NOBODY - 1, gid: NOBODY, stdio: 'ignore' });
    const name = nameWith({ pid: String(pid), start: startOf(pid!) });
    chmodSync(parent, 0o777);
    process.seteuid!(NOBODY);
    try {
      expect(() => process.kill(pid!, 0)).toThrow('EPERM');
      expect(left(name)).toEqual([`.${name}.part`, name]);
    } finally {
      process.seteuid!(0);
    }
  });
  it.runIf(isRoot)('if it belongs to another user', () => {
    const name = nameWith({ pid: gone() });
    mkdirSync(join(parent, name), { mode: 0o700 });
    writeFileSync(join(parent, `.${name}.part`), '');
    for (const each of readdirSync(parent)) spawnSync('chown', [String(NOBODY), join(parent, each)]);
    removeUnfinished(parent);
    rmSync(temporaryDirectory(parent), { recursive: true });
    expect(readdirSync(parent)).toEqual([`.${name}.part`, name]);
  });
  it('if it is a directory that other users can write to, because they could have moved it here', () => {
    const name = nameWith({ pid: gone() });
    mkdirSync(join(parent, name));
    chmodSync(join(parent, name), 0o777);
    temporaryDirectory(parent);
    expect(existsSync(join(parent, name))).toBe(true);
  });
  it('if its type does not match its name', () => {
    const [directory, file] = [nameWith({ pid: gone() }), `.${nameWith({ pid: gone() })}.part`];
    symlinkSync('/', join(parent, directory));
    mkdirSync(join(parent, file), { mode: 0o700 });
    rmSync(temporaryDirectory(parent), { recursive: true });
    removeUnfinished(parent);
    expect(readdirSync(parent)).toEqual([file, directory]);
  });
});

function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')[19]!;
}

it('a temporary directory can be created in a directory that is not readable', () => {
  chmodSync(parent, 0o755);
  const closed = join(parent, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o333);
  // root may read any directory
  if (isRoot) process.seteuid!(NOBODY);
  try {
    expect(() => readdirSync(closed)).toThrow('EACCES');
    expect(existsSync(temporaryDirectory(closed))).toBe(true);
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(closed, 0o755);
  }
});

describe('a process is identified', () => {
  /** Writes what /proc would show about a process with these ids, starting with its id in the outermost namespace. */
  function procWith(...ids: readonly number[]): string {
    mkdirSync(join(parent, 'self/ns'), { recursive: true });
    writeFileSync(join(parent, 'self/status'), `Name:\tnode\nNSpid:\t${ids.join('\t')}\nThreads:\t7\n`);
    symlinkSync('pid:[4026531836]', join(parent, 'self/ns/pid'));
    mkdirSync(join(parent, 'sys/kernel/random'), { recursive: true });
    writeFileSync(join(parent, 'sys/kernel/random/boot_id'), '01234567-89ab-cdef-0123-456789abcdef\n');
    return parent;
  }

  it('by the boot, its PID namespace and its start time', () => {
    expect(identify(procWith(process.pid))).toEqual({
      boot: '0123456789abcdef0123456789abcdef',
      namespace: '4026531836',
      start: startOf(process.pid),
    });
  });
  it.each([
    ['/proc shows the ids of another PID namespace', () => procWith(process.pid, 2)],
    ['there is no /proc', () => parent],
  ])('by nothing but its id if %s, so that no later run removes its files', (_, makeProc) => {
    expect(identify(makeProc())).toEqual({ boot: '0'.repeat(32), namespace: '0', start: '0' });
  });
});
