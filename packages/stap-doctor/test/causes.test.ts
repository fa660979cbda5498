import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import type { Finding } from '../src/finding.ts';

function only(text: string, id: 'debian' | 'fedora' = 'debian'): Finding {
  const [finding, ...others] = diagnose(text, { distribution: { id } });
  expect(others).toEqual([]);
  return finding!;
}

describe('the cause', () => {
  it.each([
    [
      'WARNING: kbuild exited with signal: 9 (Killed)',
      'signal 9, which the kernel sends when memory runs out.',
    ],
    ['WARNING: kbuild exited with signal: 11 (Segmentation fault)', 'make was ended by signal 11. The first'],
    [
      'WARNING: probe kernel.function("f") registration error (rc -22)',
      'error -22: this location cannot be probed.',
    ],
    [
      'WARNING: probe kernel.function("f") registration error (rc -5)',
      'The kernel returned error -5. Sampling',
    ],
    ['WARNING: No kallsyms found.  Your uid=0.', 'kernel.kptr_restrict is 2'],
    ['WARNING: No kallsyms found.  Your uid=1000.', 'User 1000 is not root.'],
    [
      "semantic error: while resolving probe point: identifier 'kprobe' at /usr/share/systemtap/tapset/a.stp:8:4",
      'The probe in a.stp names a function that the kernel does not have. The library',
    ],
    [
      'semantic error: while resolving probe point: identifier \'kernel\' at <input>:1:7\n        source: probe kernel.function("vfs_raed")\n                     ^\nsemantic error: no match (similar functions: vfs_read, vfs_readv)',
      'The probe is kernel.function("vfs_raed") (similar names: vfs_read, vfs_readv).',
    ],
    [
      'semantic error: while resolving probe point: identifier \'kernel\' at <input>:8:7\n        source: probe kernel.function("schedule").call {\n                     ^',
      'The probe is kernel.function("schedule").call. stap finds functions (kernel.function) only in',
    ],
    [
      "semantic error: while resolving probe point: identifier 'kernel' at <input>:1:7",
      'The probe is at <input>:1:7. If it is a tracepoint',
    ],
    [
      "semantic error: while resolving probe point: identifier 'syscall' at <input>:1:7\nsemantic error: no match (similar probes: syscall.read)",
      'The probe is syscall at <input>:1:7 (similar names: syscall.read).',
    ],
  ])('depends on what the message says: %s', (text, cause) => {
    expect(only(text).cause).toContain(cause);
  });
});

describe('the severity', () => {
  it('of reported errors and skipped samples depends on their number', () => {
    const line = (errors: number, skipped: number): Finding =>
      only(`WARNING: Number of errors: ${errors}, skipped probes: ${skipped}`);
    expect(line(0, 0)).toMatchObject({ severity: 'note', fixes: [] });
    expect(line(1, 0)).toMatchObject({ severity: 'costs', fixes: [] });
    expect(line(0, 7)).toMatchObject({ severity: 'costs', fixes: [{ again: ['-F', '19'] }] });
  });
});

describe('the fix', () => {
  it('for a missing program installs the package that contains it', () => {
    const installs = (program: string): readonly unknown[] =>
      (['debian', 'fedora'] as const).map(
        (id) => only(`sh: 1: ${program}: not found`, id).fixes[0]!.commands[0],
      );
    expect(installs('stap-prep')).toEqual([
      'sudo apt-get install -- systemtap',
      'sudo dnf install systemtap',
    ]);
    expect(installs('debuginfod-find')).toEqual([
      'sudo apt-get install -- debuginfod',
      'sudo dnf install elfutils',
    ]);
    expect(installs('gdb')).toEqual(['sudo apt-get install -- gdb', 'sudo dnf install gdb']);
  });

  it("for a C library without symbols installs the library's symbols on Debian", () => {
    const text = '(No debugging symbols found in /lib/x86_64-linux-gnu/libc.so.6)';
    const commands = (id: 'debian' | 'fedora', of = text): readonly string[] =>
      only(of, id).fixes.flatMap((fix) => fix.commands);
    expect(commands('debian')).toContain('sudo apt-get install -- libc6-dbg');
    expect(commands('fedora').join()).not.toContain('install');
    expect(commands('debian', text.replace('libc.so', 'libm.so')).join()).not.toContain('libc6');
  });

  it('for hidden kernel symbols lets root see them, but tells other users to become root', () => {
    expect(only('WARNING: No kallsyms found.  Your uid=0.').fixes[0]).toMatchObject({
      commands: ['sysctl kernel.kptr_restrict', 'sudo sysctl kernel.kptr_restrict=1'],
      undo: ['sudo sysctl kernel.kptr_restrict=2'],
    });
    expect(only('WARNING: No kallsyms found.  Your uid=1000.').fixes[0]).toMatchObject({ commands: [] });
  });
});
