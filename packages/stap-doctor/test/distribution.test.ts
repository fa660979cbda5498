import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOsRelease } from '../src/machine.ts';
import {
  debugRepositories,
  installDebuginfo,
  installKernelDebuginfo,
  installKernelHeaders,
  installPackages,
  useDebuginfod,
} from '../src/packages.ts';
import { debuginfoByHand } from '../src/rpm-by-hand.ts';

const OS_RELEASE: Readonly<Record<string, string>> = {
  debian:
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
  ubuntu:
    'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=noble\n',
  fedora:
    'NAME="Fedora Linux"\nVERSION="40 (Server Edition)"\nID=fedora\nVERSION_ID=40\nVERSION_CODENAME=""\n',
  rhel: 'NAME="Red Hat Enterprise Linux"\nVERSION="9.4 (Plow)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n',
  centos: 'CentOS release 6.8 (Final)\n',
  suse: 'NAME="openSUSE Leap"\nVERSION="15.6"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n',
  arch: 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n',
  alpine: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1\n',
  unknown: 'NAME=Slackware\nID=slackware\nVERSION_ID=15.0\n',
};

describe('the distribution', () => {
  it('is recognised by the ID in os-release, or by ID_LIKE for a derivative', () => {
    expect(Object.values(OS_RELEASE).map(parseOsRelease)).toEqual([
      { id: 'debian', version: '12', codename: 'bookworm' },
      { id: 'ubuntu', version: '24.04', codename: 'noble' },
      { id: 'fedora', version: '40' },
      { id: 'rhel', version: '9.4' },
      { id: 'centos', version: '6.8' },
      { id: 'suse', version: '15.6' },
      { id: 'arch' },
      { id: 'alpine', version: '3.20.1' },
      { id: 'unknown', version: '15.0' },
    ]);
    const mint = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n';
    expect(parseOsRelease(mint)).toEqual({ id: 'ubuntu', codename: 'noble' });
    expect(parseOsRelease("ID='rocky'\nID_LIKE='rhel centos fedora'\n")).toEqual({ id: 'rhel' });
    expect(parseOsRelease('')).toEqual({ id: 'unknown' });
  });

  it.each(Object.keys(OS_RELEASE))('determines the commands: %s', async (name) => {
    const machine = { distribution: parseOsRelease(OS_RELEASE[name]!) };
    const repositories = debugRepositories(machine);
    const lists: readonly (readonly [string, readonly string[]])[] = [
      ['install', installPackages(machine, ['systemtap'])],
      ['repositories', repositories?.commands ?? []],
      ['repositories, undone', repositories?.undo ?? []],
      ['debuginfo', installDebuginfo(machine, ['libssl3', 'a b'])],
      ['headers', installKernelHeaders(machine)],
      ['kernel debuginfo', installKernelDebuginfo(machine)],
      ['debuginfod', useDebuginfod(machine).commands],
      ['by hand', debuginfoByHand(machine, ['openssl-1.0.1e-48.el6_8.1.x86_64'])?.commands ?? []],
    ];
    const text = lists
      .map(([what, commands]) => `${what}:\n${commands.map((each) => `  ${each}\n`).join('')}`)
      .join('');
    await expect(text).toMatchFileSnapshot(`fixtures/commands/${name}.txt`);
  });

  it('results in commands without sudo for root, and with the kernel release if it is known', () => {
    const machine = { distribution: { id: 'debian' }, kernel: '6.1.0-47-amd64', root: true } as const;
    expect(installKernelHeaders(machine)).toEqual(['apt-get install -- linux-headers-6.1.0-47-amd64']);
    expect(installKernelDebuginfo(machine)).toEqual(['apt-get install -- linux-image-6.1.0-47-amd64-dbg']);
    expect(installKernelHeaders({ ...machine, kernel: '6.1; rm -rf /' })).toEqual([
      "apt-get install -- 'linux-headers-6.1; rm -rf /'",
    ]);
  });
});

describe('debuginfo packages downloaded by hand', () => {
  it.each([
    ['centos', '6.8', 'http://debuginfo.centos.org/6/x86_64/krb5-debuginfo-1.10.3-57.el6.x86_64.rpm'],
    ['centos', '8', 'http://debuginfo.centos.org/8/x86_64/krb5-libs-debuginfo-1.10.3-57.el6.x86_64.rpm'],
    [
      'fedora',
      '40',
      'https://kojipkgs.fedoraproject.org/packages/krb5/1.10.3/57.el6/x86_64/krb5-libs-debuginfo-1.10.3-57.el6.x86_64.rpm',
    ],
  ] as const)('have the URLs that %s %s uses', (id, version, url) => {
    const directory = mkdtempSync(join(tmpdir(), 'stapflame-rpm-'));
    try {
      // a stand-in that fills in a query's fields, as rpm does
      const fields = {
        SOURCERPM: 'krb5-1.10.3-57.el6.src.rpm',
        NAME: 'krb5-libs',
        VERSION: '1.10.3',
        RELEASE: '57.el6',
        ARCH: 'x86_64',
      };
      const filled = Object.entries(fields).map(([name, value]) => `-e 's,%{${name}},${value},g'`);
      writeFileSync(
        join(directory, 'rpm'),
        `#!/bin/sh\nprintf "$(printf '%s' "$3" | sed ${filled.join(' ')})"\n`,
        { mode: 0o755 },
      );
      const fix = debuginfoByHand({ distribution: { id, version } }, ['krb5-libs-1.10.3-57.el6.x86_64'])!;
      const PATH = `${directory}:${process.env['PATH']}`;
      execFileSync('sh', ['-c', fix.commands[0]!], { cwd: directory, env: { PATH } });
      expect(execFileSync('cat', ['debuginfo.urls'], { cwd: directory, encoding: 'utf8' })).toBe(`${url}\n`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
