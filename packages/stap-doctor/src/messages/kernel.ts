import { asRoot } from '../distribution.ts';
import { advice, type Entry } from './entry.ts';

/** What the running kernel was built without. */
export const KERNEL: readonly Entry[] = [
  {
    code: 'no-process-tracking',
    patterns: [
      /^(?:ERROR|WARNING): process-tracking is not available in this kernel/,
      /^(?:semantic error: )?user-space process-tracking facilities not available/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'SystemTap cannot follow which files a process maps: user stacks stay without names.',
    cause: 'The kernel has neither CONFIG_TRACEPOINTS (from 3.5 on) nor CONFIG_UTRACE (before).',
    fixes: () => [
      { commands: [KERNEL_CONFIG], effect: 'Shows what this kernel has.' },
      advice(
        'Boot the standard kernel of the distribution, which has both, or sample kernel stacks only (-k).',
      ),
    ],
    links: ['man error::process-tracking'],
    examples: [
      {
        text: 'ERROR: process-tracking is not available in this kernel [man error::process-tracking]',
        values: {},
        from: 'source',
      },
      {
        text: 'semantic error: user-space process-tracking facilities not available [man error::process-tracking]',
        values: {},
        from: 'source',
      },
    ],
  },
  {
    code: 'cannot-track-target',
    patterns: [/^WARNING: cannot track target in process '(?<process>.+)'/],
    severity: 'costs',
    meaning: 'SystemTap cannot follow which files this process maps: its frames stay without names.',
    cause: ({ process }) => `${process}; the kernel has no means to track processes.`,
    fixes: () => [{ commands: [KERNEL_CONFIG], effect: 'Shows what this kernel has.' }],
    links: ['man error::process-tracking'],
    examples: [
      {
        text: "WARNING: cannot track target in process '/usr/sbin/nginx'",
        values: { process: '/usr/sbin/nginx' },
        from: 'source',
      },
    ],
  },
  {
    code: 'no-uprobes',
    patterns: [
      /^(?:semantic error: )?process probes not available without kernel (?<options>CONFIG_[\w/]+(?: or CONFIG_[\w/]+)*)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The kernel was built without probes in programs, which this script uses.',
    cause: ({ options }) =>
      `It lacks ${options}. Only process.* probes need them; sampling by a timer does not, and may still work.`,
    fixes: () => [
      { commands: [KERNEL_CONFIG], effect: 'Shows what this kernel has.' },
      advice('Sample by a timer (stapflame record), or boot the standard kernel of the distribution.'),
    ],
    links: ['man error::process-tracking', 'man stapprobes'],
    examples: [
      {
        text: 'semantic error: process probes not available without kernel CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES',
        values: { options: 'CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES' },
        from: 'source',
      },
      {
        text: 'semantic error: process probes not available without kernel CONFIG_UTRACE or CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES [man error::process-tracking]',
        values: {
          options: 'CONFIG_UTRACE or CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES',
        },
        from: 'source',
      },
    ],
  },
  {
    code: 'no-perf-events',
    patterns: [
      /^(?:semantic error: )?perf probes not available without (?<options>CONFIG_PERF_EVENTS)/,
      /^(?:semantic error: )?(?<options>CONFIG_PERF_EVENTS) not available on this kernel/,
      /^WARNING: perf probe '(?<probe>[^']+)' is not supported by this kernel/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The event that was to interrupt the CPUs is not there.',
    cause: ({ probe }) =>
      probe === undefined
        ? 'The kernel was built without CONFIG_PERF_EVENTS.'
        : `${probe}: most often a virtual machine, which has no such counter.`,
    fixes: (_, circumstances) => [
      {
        ...advice('Let the timer interrupt: it is always there.'),
        ...(circumstances.command !== undefined && { again: ['--event', 'timer-profile'] }),
      },
    ],
    links: ['man stapprobes'],
    examples: [
      {
        text: 'semantic error: perf probes not available without CONFIG_PERF_EVENTS',
        values: { options: 'CONFIG_PERF_EVENTS' },
        from: 'source',
      },
      {
        text: 'semantic error: CONFIG_PERF_EVENTS not available on this kernel',
        values: { options: 'CONFIG_PERF_EVENTS' },
        from: 'source',
      },
      {
        text: "WARNING: perf probe 'perf.hw.cpu_cycles.sample(1000000)' is not supported by this kernel (-2).",
        values: { probe: 'perf.hw.cpu_cycles.sample(1000000)' },
        from: 'source',
      },
    ],
  },
  {
    code: 'probe-not-placed',
    patterns: [
      /^WARNING: probe (?<probe>.+?) registration error(?: \[man warning::pass5\])? \(rc (?<error>-?\d+)\)/,
    ],
    gathers: 'probe',
    severity: 'note',
    meaning: 'A probe could not be placed; what it would have seen is missing.',
    cause: ({ error }) =>
      `The kernel answered ${error}${ERRORS[error!] === undefined ? '' : `: ${ERRORS[error!]!}`}. A profile by a timer does not need it.`,
    links: ['man warning::pass5'],
    examples: [
      {
        text: 'WARNING: probe kernel.function("vfs_read@fs/read_write.c:430").call (address 0xffffffff811a2b30) registration error [man warning::pass5] (rc -22)',
        values: {
          probe: 'kernel.function("vfs_read@fs/read_write.c:430").call (address 0xffffffff811a2b30)',
          error: '-22',
        },
        from: 'source',
      },
    ],
  },
  {
    code: 'kernel-locked-down',
    patterns: [
      /^(?:\[ *[\d.]+\] )?Lockdown: (?<program>\S+): (?<what>.+?) is restricted; see man kernel_lockdown/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The kernel is locked down and refused it.',
    cause: ({ program, what }) => `${program}: ${what}. Secure Boot most often locks it down.`,
    fixes: (_, site) => [
      { commands: ['cat /sys/kernel/security/lockdown'], effect: 'Shows how far it is locked down.' },
      {
        commands: ['export SYSTEMTAP_SIGN=1'],
        effect: 'Lets a stap-server sign each module with its key, once that key is enrolled.',
        undo: ['unset SYSTEMTAP_SIGN'],
      },
      {
        commands: [asRoot(site, 'mokutil --disable-validation'), asRoot(site, 'reboot')],
        risk: 'Last resort: from then on the machine loads any kernel module, also a hostile one.',
        undo: [asRoot(site, 'mokutil --enable-validation'), asRoot(site, 'reboot')],
      },
    ],
    links: ['man 7 kernel_lockdown', 'man mokutil'],
    examples: [
      {
        text: '[  12.345678] Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7',
        values: { program: 'insmod', what: 'unsigned module loading' },
        from: 'report',
      },
    ],
  },
];

/** Some machines have only /proc/config.gz. */
const KERNEL_CONFIG =
  '{ cat "/boot/config-$(uname -r)" || zcat /proc/config.gz || cat "/lib/modules/$(uname -r)/config"; } 2>/dev/null | grep -E \'^CONFIG_(UPROBES|UTRACE|TRACEPOINTS)=\'';

const ERRORS: Readonly<Record<string, string>> = {
  '-2': 'there is no such thing',
  '-14': 'the address is not there',
  '-22': 'the place cannot be probed',
  '-84': 'the instruction there cannot be probed',
  '-524': 'this kernel does not support it',
};
