import { sh, type Command } from '../shell.ts';
import { advise, type Fix } from '../finding.ts';
import { installPackages } from '../packages.ts';
import type { Entry } from './entry.ts';
import { fitOf, signedModules } from '../fixes.ts';
import { sampleAgain } from './sampling-flags.ts';

/** Tries several files, because some machines have only /proc/config.gz. */
const KERNEL_CONFIG: Command = sh`{ cat "/boot/config-$(uname -r)" || zcat /proc/config.gz || cat "/lib/modules/$(uname -r)/config"; } 2>/dev/null | grep -E '^CONFIG_(UPROBES|UTRACE|TRACEPOINTS)='`;
const SHOW_CONFIG: Fix = {
  commands: [KERNEL_CONFIG],
  effect: 'Shows which of these options the running kernel has.',
};

/** Messages about features that the running kernel was built without or no longer has. */
export const KERNEL: readonly Entry[] = [
  {
    code: 'no-process-tracking',
    patterns: [
      /^(?:ERROR|WARNING): process-tracking is not available in this kernel/,
      /^(?:semantic error: )?user-space process-tracking facilities not available/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'SystemTap cannot track which files a process maps, so frames in user stacks have no names.',
    cause:
      'The kernel has neither CONFIG_TRACEPOINTS (for Linux 3.5 and later) nor CONFIG_UTRACE (for older kernels).',
    fixes: () => [
      SHOW_CONFIG,
      advise(
        "Boot one of the distribution's standard kernels, which have the option, or sample only kernel stacks (-k).",
      ),
    ],
    links: ['man error::process-tracking'],
    examples: [
      {
        text: 'ERROR: process-tracking is not available in this kernel [man error::process-tracking]',
        from: 'source',
      },
      {
        text: 'semantic error: user-space process-tracking facilities not available [man error::process-tracking]',
        from: 'source',
      },
    ],
  },
  {
    code: 'cannot-track-target',
    patterns: [/^WARNING: cannot track target in process '(?<process>.+)'/],
    severity: 'costs',
    meaning: 'SystemTap cannot track which files this process maps, so its frames have no names.',
    cause: ({ process }) =>
      `The process is ${process}. This kernel does not support the tracking of processes.`,
    fixes: () => [SHOW_CONFIG],
    links: ['man error::process-tracking'],
    examples: [{ text: "WARNING: cannot track target in process '/usr/sbin/nginx'", from: 'source' }],
  },
  {
    code: 'no-uprobes',
    patterns: [
      /^(?:semantic error: )?(?:process probes|user-space facilities) not available without kernel (?<options>CONFIG_[\w/]+(?: or CONFIG_[\w/]+)*)/,
      /error: #error "?(?:Process probes not available without kernel|[Nn]eed) (?<options>CONFIG_U(?:TRACE|PROBES)(?: or CONFIG_[\w/]+)*)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The kernel was built without support for probes in programs, which this script uses.',
    cause: ({ options }) =>
      `The kernel lacks ${options}. Only process.* probes need this; sampling with a timer may still work.`,
    fixes: () => [
      SHOW_CONFIG,
      advise(
        "Sample with a timer, as stapflame record does, or boot one of the distribution's standard kernels.",
      ),
    ],
    links: ['man error::process-tracking', 'man stapprobes'],
    examples: [
      {
        text: 'semantic error: process probes not available without kernel CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES',
        from: 'source',
      },
      {
        text: 'semantic error: process probes not available without kernel CONFIG_UTRACE or CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES [man error::process-tracking]',
        from: 'source',
      },
      {
        text: 'user-space facilities not available without kernel CONFIG_UTRACE or CONFIG_TRACEPOINTS/CONFIG_ARCH_SUPPORTS_UPROBES/CONFIG_UPROBES',
        from: 'report',
      },
      {
        text: '/usr/share/systemtap/runtime/uprobes/uprobes.c:13:2: error: #error "need CONFIG_UTRACE"',
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
    meaning: 'The event that should trigger the samples does not exist on this machine.',
    cause: ({ probe }) =>
      probe === undefined
        ? 'The kernel was built without CONFIG_PERF_EVENTS.'
        : `The event is ${probe}. Most virtual machines have no counter for such events.`,
    fixes: () => [
      sampleAgain(['--event', 'timer-profile'], { effect: 'Samples with the timer, which always exists.' }),
    ],
    links: ['man stapprobes'],
    examples: [
      {
        text: 'semantic error: perf probes not available without CONFIG_PERF_EVENTS',
        from: 'source',
      },
      { text: 'semantic error: CONFIG_PERF_EVENTS not available on this kernel', from: 'source' },
      {
        text: "WARNING: perf probe 'perf.hw.cpu_cycles.sample(1000000)' is not supported by this kernel (-2).",
        from: 'source',
      },
    ],
  },
  {
    code: 'kernel-function-missing',
    patterns: [/^ERROR: Can't resolve (?<function>\w+)!/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "SystemTap's module was not loaded, because it calls a function that this kernel no longer has.",
    cause: ({ function: name }) =>
      `The function is ${name}. This SystemTap is older than the kernel. The module still compiled, because the function is looked up only when the module is loaded.`,
    fixes: ({ function: name }, machine) => [
      ...fitOf(name!),
      {
        commands: installPackages(machine, ['systemtap']),
        effect:
          "Install the distribution's newest SystemTap. If you already have it, build the newest release from source.",
      },
      advise("Or boot one of the distribution's older kernels."),
    ],
    links: ['https://sourceware.org/systemtap/'],
    examples: [{ text: "ERROR: Can't resolve uprobe_unregister!", from: 'run' }],
  },
  {
    code: 'probe-not-placed',
    patterns: [
      /^WARNING: probe (?<probe>.+?) registration error(?: \[man warning::pass5\])? \(rc (?<error>-?\d+)\)/,
    ],
    gathers: 'probe',
    severity: 'note',
    meaning: 'A probe could not be placed, so its events are missing.',
    cause: ({ error }) =>
      `The kernel returned error ${error}${ERRORS[error!] === undefined ? '' : `: ${ERRORS[error!]!}`}. Sampling with a timer does not need this probe.`,
    links: ['man warning::pass5'],
    examples: [
      {
        text: 'WARNING: probe kernel.function("vfs_read@fs/read_write.c:430").call (address 0xffffffff811a2b30) registration error [man warning::pass5] (rc -22)',
        from: 'source',
      },
    ],
  },
  {
    code: 'task-finder-failed',
    patterns: [/^WARNING: task_finder mmap (?<what>.+?) callback for task (?<task>\d+) failed: /],
    vague: true,
    severity: 'costs',
    meaning: 'SystemTap could not place its probes in a file that the process maps.',
    cause: ({ what, task }) => `${what} failed in process ${task}. Another message gives the reason.`,
    examples: [
      {
        text: 'WARNING: task_finder mmap inode-uprobes callback for task 73784 failed: 1',
        from: 'report',
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
    meaning: 'The kernel is locked down and refused an action.',
    cause: ({ program, what }) => `${program} attempted this: ${what}.`,
    fixes: (_, machine) => [
      {
        commands: [sh`cat /sys/kernel/security/lockdown`],
        effect: "Shows the kernel's lockdown mode.",
      },
      ...signedModules(machine),
    ],
    links: ['man 7 kernel_lockdown', 'man mokutil'],
    examples: [
      {
        text: '[  12.345678] Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7',
        from: 'report',
      },
    ],
  },
];

const ERRORS: Readonly<Record<string, string>> = {
  '-2': 'the location was not found',
  '-14': 'the address does not exist',
  '-22': 'this location cannot be probed',
  '-84': 'the instruction at this location cannot be probed',
  '-524': 'this kernel does not support the probe',
};
