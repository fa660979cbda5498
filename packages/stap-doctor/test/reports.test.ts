import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import type { Finding } from '../src/finding.ts';
import { renderFindings } from '../src/render-findings.ts';

const FIXTURES = new URL('fixtures/reports/', import.meta.url);
const DEBIAN = { id: 'debian', version: '12', codename: 'bookworm' } as const;

function read(name: string): readonly Finding[] {
  const text = readFileSync(new URL(`${name}.stderr`, FIXTURES), 'utf8');
  return diagnose(text, { presumed: DEBIAN });
}

/** The findings that a report must result in, and what they must or must not say. */
interface Right {
  readonly name: string;
  readonly findings: readonly string[];
  readonly says: readonly RegExp[];
  readonly never?: RegExp;
}

const REPORTS: readonly Right[] = [
  {
    name: '20-guru-modversions',
    findings: ['blocks configuration module-of-another-kernel'],
    says: [/rm -r ~\/\.systemtap\/cache[^]*-B CONFIG_MODVERSIONS=y[^]*linux-headers/],
  },
  {
    name: '22-lld-buildid',
    findings: ['costs linked-by-lld'],
    says: [
      /lld, Rust's default linker/,
      /rc -524/,
      /-Wl,-z,separate-loadable-segments/,
      /Restarting .* does not help/,
    ],
    never: /Restart the target/,
  },
  {
    name: '24-intp-embedded-c',
    findings: ['blocks configuration embedded-c-error'],
    says: [/The first error is: \S*stap_1f2e_src\.c:350:9: error: "MSR_IA32_QM_CTR" redefined/],
    never: /linux-headers/,
  },
  {
    name: '25-cuckoo2895-ulong',
    findings: ['blocks configuration kernel-debuginfo-missing'],
    says: [/no debug information for the running kernel/, /linux-image-\$\(uname -r\)-dbg/],
    never: /-g -O2/,
  },
  {
    name: '26-cuckoo2684-similar',
    findings: ['blocks configuration tapset-older-than-kernel'],
    says: [
      /kprobe\.function\("sys_timer_gettime"\)\S* in sysc_timer_gettime\.stp/,
      /__x64_sys_timer_gettime/,
      /apt-get install -- systemtap/,
    ],
  },
  {
    name: '30-version-mismatch-centos',
    findings: ['blocks configuration module-version-mismatch'],
    says: [
      /The module is for #1 SMP Tue Oct 30 14:13:26 CDT 2018, but #1 SMP Thu Nov 8 23:39:32 UTC 2018 is running\./,
      /a different package or vendor/,
      /yum install -- "kernel-devel-\$\(uname -r\)"/,
    ],
    never: /apt-get/,
  },
  {
    name: '32-kernel-vmlinux-buildid',
    findings: ['blocks configuration kernel-build-id-mismatch'],
    says: [/the kernel, its headers \(-devel\) and its debug information from the same build, or reboot/],
  },
  {
    name: '34-invalid-pid',
    findings: ['blocks usage target-pid-invalid'],
    says: [/expects one process number/, /pidof or pgrep printed no number or several numbers/],
  },
  {
    name: '36-nodestap16-signal',
    findings: ['blocks configuration compilation-killed'],
    says: [/signal 15, which is sent when a time limit expires/],
    never: /linux-headers/,
  },
  {
    name: '39-signing',
    findings: ['blocks permission module-signature-required'],
    says: [/Secure Boot/, /SYSTEMTAP_SIGN=1/],
  },
  {
    name: '64-linuxmm-dos',
    findings: ['blocks configuration script-error'],
    says: [
      /stap says: unresolved arity-1 global array name, missing global declaration\?: identifier 'name'/,
    ],
  },
];

describe('public reports', () => {
  it('are all listed in this test', () => {
    const files = readdirSync(FIXTURES).filter((file) => file.endsWith('.stderr'));
    expect(REPORTS.map(({ name }) => `${name}.stderr`)).toEqual(files.toSorted());
  });

  it.each(REPORTS)('$name is explained', ({ name, findings, says, never = /^$/ }) => {
    const found = read(name);
    const serious = found.filter(({ severity }) => severity !== 'note');
    expect(
      serious.map(({ severity, obstacle, code }) => [severity, obstacle, code].filter(Boolean).join(' ')),
    ).toEqual(findings);
    const text = renderFindings(serious);
    for (const words of says) expect(text).toMatch(words);
    expect(text).not.toMatch(never);
  });
});

describe('a capture from RHEL 6, read on Debian', () => {
  it.each(['guide-gdb', 'guide-mirror', 'guide-sampler-before', 'guide-sampler-after'])(
    'results in no commands for Debian: %s',
    (name) => {
      const text = readFileSync(new URL(`fixtures/stderr/${name}/stderr.txt`, import.meta.url), 'utf8');
      expect(renderFindings(diagnose(text, { presumed: DEBIAN }))).not.toMatch(/apt-get|debian/i);
    },
  );
});

describe('the distribution', () => {
  it.each([
    [
      'Missing separate debuginfos, use: debuginfo-install glibc-2.12-1.192.el6.x86_64',
      'Red Hat Enterprise Linux 6',
    ],
    ['Missing separate debuginfos, use: dnf debuginfo-install glibc-2.40-3.fc41.x86_64', 'Fedora 41'],
    [
      'failure: repodata/x from epel-debuginfo, http://debuginfo.centos.org: [Errno 256] No more mirrors to try.\nsh: 1: stap: not found',
      'CentOS',
    ],
    ['package kernel-devel-3.10.0-514.el7.x86_64 is not installed\nmirror.centos.org', 'CentOS 7'],
    ['http://centos.example\nNeed to install linux-headers-6.1.0-21-amd64', 'Debian'],
    ['/lib/modules/6.4.0-150600.21-default/build\nsh: 1: stap: not found', 'openSUSE'],
    ['/lib/modules/6.12.4-arch1-1/build\nsh: 1: gdb: not found', 'Arch Linux'],
    ['/usr/src/kernels/x/include/a.h\nsh: 1: stap: not found', 'Red Hat Enterprise Linux'],
    ['Loaded plugins: fastestmirror\nsh: 1: stap: not found', 'Red Hat Enterprise Linux'],
    ['Need to install linux-headers-6.1.0-21-amd64', 'Debian'],
    ['E: Unable to locate package linux-headers-6.9\nsh: 1: stap: not found', 'Debian'],
    ['You need package linux-image-6.8.0-31-generic-dbgsym but it does not seem to be available', 'Ubuntu'],
    [
      'Checking "/lib/modules/6.12.63+deb13-amd64/build/.config" failed with error: No such file or directory',
      'Debian 13',
    ],
  ])('is recognised by the message %s', (text, name) => {
    const finding = diagnose(text, { presumed: { id: 'alpine' } }).find(
      ({ code }) => code === 'commands-for',
    );
    expect(finding?.cause).toBe(`The commands are for ${name}, because the messages seem to come from it.`);
  });

  it("is assumed to be this machine's if no message shows it, and a note says so", () => {
    const findings = diagnose('sh: 1: stap: not found', { presumed: DEBIAN });
    expect(findings.at(-1)).toMatchObject({
      code: 'commands-for',
      cause: expect.stringContaining("Debian 12, this machine's distribution"),
    });
  });

  it('is the one that the user names, even if the messages show another, and then needs no note', () => {
    const text = 'Missing separate debuginfos, use: debuginfo-install glibc-2.12-1.192.el6.x86_64';
    const findings = diagnose(text, { distribution: { id: 'fedora', version: '41' }, presumed: DEBIAN });
    expect(findings.map(({ code }) => code)).toEqual(['debuginfo-packages-missing']);
    expect(findings[0]!.fixes[0]!.commands).toEqual([
      'sudo dnf debuginfo-install glibc-2.12-1.192.el6.x86_64',
    ]);
  });
});

it("refers to Microsoft's sources for the headers of a WSL2 kernel, which no distribution has", () => {
  const [finding] = diagnose(
    'Checking "/lib/modules/5.15.153.1-microsoft-standard-WSL2/build/.config" failed with error: No such file or directory',
    { distribution: DEBIAN },
  );
  expect(finding).toMatchObject({ code: 'kernel-headers-missing' });
  expect(renderFindings([finding!])).toMatch(/WSL2-Linux-Kernel/);
  expect(renderFindings([finding!])).not.toMatch(/linux-headers/);
});

it.each([
  "ERROR: Array overflow, check size limit (5000) near identifier 'bts' at <input>:12:9 (called from identifier 'f' at <input>:20:3 (called from <input>:30:3)) in probe timer.profile",
  "ERROR: MAXACTION exceeded near identifier 'f' at <input>:1:2 (called from <input>:3:4) in probe timer.profile",
  "ERROR: read fault [man error::fault] at 0x00007f0012345678 near operator '@cast' at <input>:3:7 (called from <input>:9:1) in probe end",
])('recognises a message with nested locations, as SystemTap 5.6 prints them: %s', (text) => {
  expect(diagnose(text)).toMatchObject([{ severity: 'costs' }]);
});

describe('a message that the doctor does not recognise', () => {
  const named = (text: string): readonly string[] =>
    diagnose(text).map(({ severity, obstacle, code }) =>
      [severity, obstacle, code].filter(Boolean).join(' '),
    );

  it.each([
    ['ERROR: Interrupted system call', 'blocks unknown unexplained-error'],
    ['semantic error: expected literal', 'blocks configuration script-error'],
    ['error: something new', 'blocks unknown unexplained-error'],
    ['fatal: the disk is on fire', 'blocks unknown unexplained-error'],
    ['the moon is full', 'blocks unknown unexplained-text'],
    ['WARNING: a new SystemTap warning', 'blocks unknown unexplained-text'],
  ])('is quoted as the likely cause: %s', (text, finding) => {
    const [first] = diagnose(text);
    expect(named(text)).toEqual([finding]);
    expect(`${first!.cause}`).toContain(text.replace(/^semantic error: /, ''));
  });

  it('results in a blocking finding if no known message explains the failure, and otherwise in a note', () => {
    const failed = 'Pass 5: run failed.  [man error::pass5]\n';
    expect(named(`ERROR: new\n${failed}`)).toEqual(['blocks unknown unexplained-error', 'costs pass-failed']);
    expect(named(`ERROR: new\nptrace: Operation not permitted.\n`)).toEqual([
      'blocks permission ptrace-not-permitted',
      'note unexplained-error',
    ]);
    expect(named(`hello\n${failed}`)).toEqual(['blocks unknown unexplained-text', 'costs pass-failed']);
  });

  it("is taken for the sampled program's output if the run ended normally", () => {
    expect(named("hello\nWARNING: Time's up. Quitting now...(it may take a while)\n")).toEqual([]);
    expect(named('')).toEqual([]);
    expect(named('\n \n')).toEqual([]);
  });
});
