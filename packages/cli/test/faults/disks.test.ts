import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../../../../testing/cleanup.ts';
import { openFiles } from '../../../../testing/look.ts';
import { until } from '../../../../testing/until.ts';
import { stapflameAlone as stapflame } from '../stapflame.ts';
import { ownDirectory, read, RECORD, shell, start } from './process.ts';

const own = ownDirectory();
/**
 * Mounting a small disk requires root. Without root, only the test with a limit on the file size (`ulimit -f`) runs.
 */
const isRoot = process.getuid?.() === 0;

/** Mounts a file system of one mebibyte, and returns its path. */
function smallDisk(...options: string[]): string {
  const disk = join(own.path, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', ['size=1m', ...options].join(), 'tmpfs', disk]);
  atEnd(() => execFileSync('umount', [disk]));
  return disk;
}

/** Writes a trace whose distinct stacks need more than a mebibyte both in memory and as output. */
function manyStacks(): string {
  const file = join(own.path, 'many');
  const records = Array.from(
    { length: 60_000 },
    (_, i) => ` 0x1 : leaf_of_a_long_name_${i % 251}+0x1/0x2 [/p]\n 0x2 : f${i}+0x1/0x2 [/p]\n\t1\n`,
  );
  writeFileSync(file, records.join(''));
  return file;
}

describe('a full disk', () => {
  it.runIf(isRoot)(
    "for the output results in exit code 74, a message with the output's name and size, and no file",
    async () => {
      const disk = smallDisk();
      const { code, stderr } = await stapflame(['fold', '-o', join(disk, 'out'), manyStacks()]);
      expect(code).toBe(74);
      expect(stderr).toMatch(/cannot write \S+\/disk\/out after \d+ bytes: ENOSPC/);
      expect(readdirSync(disk)).toEqual([]);
    },
  );
  it.runIf(isRoot)('for the output leaves the old file unchanged', async () => {
    const disk = smallDisk();
    writeFileSync(join(disk, 'out'), 'before');
    expect((await stapflame(['fold', '-o', join(disk, 'out'), manyStacks()])).code).toBe(74);
    expect(readFileSync(join(disk, 'out'), 'utf8')).toBe('before');
  });
  it.runIf(isRoot)(
    'for the temporary files results in exit code 74 and a message with their directory and size',
    async () => {
      const disk = smallDisk();
      execFileSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=1000', 'count=950'], { stdio: 'ignore' });
      const words = ['fold', '--memory', '1M', '--tmpdir', disk, '-o', join(own.path, 'out'), manyStacks()];
      const { code, stderr } = await stapflame(words);
      expect(code).toBe(74);
      expect(stderr).toMatch(/temporary file in \S+\/disk after \d+ bytes: ENOSPC.*--tmpdir/);
      expect(readdirSync(disk)).toEqual(['filler']);
    },
  );
  it('is also reported for standard output', async () => {
    const { code, stderr } = await shell('stapflame fold "$1" > /dev/full', manyStacks());
    expect(code).toBe(74);
    expect(stderr).toMatch(/cannot write standard output after \d+ bytes: ENOSPC/);
  });
  it('is reported in the same way if the cause is a limit on the file size', async () => {
    const { code, stderr } = await shell(
      'ulimit -f 64; stapflame fold -o "$1/out" "$1/many"',
      dirname(manyStacks()),
    );
    expect(code).toBe(74);
    expect(stderr).toMatch(/after 65536 bytes: EFBIG/);
    expect(readdirSync(own.path)).toEqual(['many']);
  });
});

/** The tests use Btrfs, because few kernels support quotas on other file systems. Its tools may be missing. */
const hasBtrfs = isRoot && spawnSync('mkfs.btrfs', ['--version']).status === 0;

describe.runIf(hasBtrfs)('a quota of one mebibyte', () => {
  function limited(): string {
    const disk = join(own.path, 'disk');
    mkdirSync(disk);
    const script = `set -e; truncate -s 120M "$1.image"; mkfs.btrfs -q "$1.image"; mount -o loop "$1.image" "$1"
      btrfs quota enable "$1"; btrfs subvolume create "$1/own"; btrfs qgroup limit 1M "$1/own"; sync`;
    execFileSync('bash', ['-c', script, 'bash', disk], { stdio: 'ignore' });
    atEnd(() => execFileSync('umount', [disk]));
    return join(disk, 'own');
  }
  it("for the output results in exit code 74, a message with the output's name and size, and an unchanged file", async () => {
    const directory = limited();
    writeFileSync(join(directory, 'out'), 'before');
    const { code, stderr } = await stapflame(['fold', '-o', join(directory, 'out'), manyStacks()]);
    expect(code).toBe(74);
    expect(stderr).toMatch(/cannot write \S+\/out after \d+ bytes: EDQUOT.*free some disk space/);
    expect(readFileSync(join(directory, 'out'), 'utf8')).toBe('before');
    expect(readdirSync(directory)).toEqual(['out']);
  });
  it('for the temporary files results in exit code 74 and a message with their directory', async () => {
    const directory = limited();
    execFileSync('bash', ['-c', 'head -c 900000 /dev/urandom > "$1/filler"; sync', 'bash', directory]);
    const words = [
      'fold',
      '--memory',
      '1M',
      '--tmpdir',
      directory,
      '-o',
      join(own.path, 'out'),
      manyStacks(),
    ];
    const { code, stderr } = await stapflame(words);
    expect(code).toBe(74);
    expect(stderr).toMatch(/temporary file in \S+\/own(?: after \d+ bytes)?: EDQUOT.*--tmpdir/);
    expect(readdirSync(directory)).toEqual(['filler']);
  });
});

describe('the directory for temporary files', () => {
  it.runIf(isRoot)('is named in the message if it is read-only, and the exit code is 74', async () => {
    const disk = smallDisk('ro');
    const { code, stderr } = await stapflame(['fold', '--memory', '1M', '--tmpdir', disk, manyStacks()]);
    expect(code).toBe(74);
    expect(stderr).toContain(disk);
  });
  it('is named in the message if it vanishes, and the exit code is 74', async () => {
    const gone = join(own.path, 'gone');
    mkdirSync(gone);
    const fold = start(['fold', '--memory', '1M', '--tmpdir', gone]);
    await read(fold, RECORD);
    rmSync(gone, { recursive: true });
    fold.child.stdin!.end(readFileSync(manyStacks()));
    const { code, stderr } = await fold.end;
    expect(code).toBe(74);
    expect(stderr).toContain(gone);
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s during a spill', (signal) => {
  it('leaves no temporary file', async () => {
    const { child, end } = start(['fold', '--memory', '1M', '--tmpdir', own.path]);
    child.stdin!.write(readFileSync(manyStacks()));
    // stapflame removes a temporary file's name before writing to the file
    await until('a temporary file', () => openFiles(child.pid!).some((file) => file.startsWith(own.path)));
    child.kill(signal);
    child.kill(signal);
    await end;
    expect(readdirSync(own.path)).toEqual(['many']);
  });
});

describe('kill -9', () => {
  it('leaves a file that the next run removes', async () => {
    const { child, end } = start(['fold', '-o', join(own.path, 'out')]);
    await until('a file next to the output', () => readdirSync(own.path).length > 0);
    child.kill('SIGKILL');
    await end;
    expect(readdirSync(own.path)).toHaveLength(1);
    expect((await stapflame(['fold', '-o', join(own.path, 'out')], RECORD)).code).toBe(0);
    expect(readdirSync(own.path)).toEqual(['out']);
  });
  it.runIf(process.getuid?.() === 0)(
    'leaves a file that does not prevent another user from writing',
    async () => {
      const shared = join(own.path, 'shared');
      mkdirSync(shared);
      chmodSync(own.path, 0o755);
      chmodSync(shared, 0o1777);
      const { child, end } = start(['fold', '-o', join(shared, 'out')]);
      await until('a file next to the output', () => readdirSync(shared).length > 0);
      child.kill('SIGKILL');
      await end;
      const left = readdirSync(shared);
      expect(left).toHaveLength(1);
      const line = `printf "$2" | setpriv --reuid 65534 --regid 65534 --clear-groups "$NODE" "$MAIN" fold -q -o "$1/out"`;
      expect(await shell(line, shared, RECORD)).toMatchObject({ code: 0, stderr: '' });
      expect(readdirSync(shared).toSorted()).toEqual([...left, 'out']);
    },
  );
});

describe('the output', () => {
  it.each(['-o', '--summary'])('is refused if the file for %s is also an input', async (flag) => {
    const file = join(own.path, 'trace');
    writeFileSync(file, RECORD);
    const { code } = await stapflame(['fold', flag, file, file]);
    expect(code).toBe(64);
    expect(readFileSync(file, 'utf8')).toBe(RECORD);
  });
  it('is refused if the shell redirects it to an input file', async () => {
    const file = join(own.path, 'trace');
    writeFileSync(file, RECORD);
    expect((await shell('stapflame fold "$1" >> "$1"', file)).code).toBe(64);
    expect(readFileSync(file, 'utf8')).toBe(RECORD);
  });
});
