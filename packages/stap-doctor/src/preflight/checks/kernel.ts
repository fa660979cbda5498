import type { Finding, Fix, Severity } from '../../finding.ts';
import { asRoot } from '../../machine.ts';
import { matchKernel } from '../../fixes.ts';
import { installKernelHeaders } from '../../packages.ts';
import { sh } from '../../shell.ts';
import type { Facts, KernelConfig } from '../facts.ts';
import { isNewer, kernelVersion } from '../kernel-version.ts';

/** Checks how the kernel was built, which of its files are installed, and whether this user can see its symbols. */
export function checkKernel(facts: Facts): readonly Finding[] {
  return [...checkConfiguration(facts), ...checkHeaders(facts), ...checkSymbols(facts)];
}

interface Requirement {
  readonly options: readonly string[];
  readonly severity: Exclude<Severity, 'note'>;
  readonly meaning: string;
}

/**
 * The kernel options that SystemTap needs, according to its README and source (`runtime/linux/runtime.h`,
 * `tapset-perfmon.cxx`, `tapsets.cxx`).
 */
const REQUIRED: readonly Requirement[] = [
  {
    options: ['MODULES'],
    severity: 'blocks',
    meaning: 'This kernel cannot load modules, but SystemTap needs to load one.',
  },
  {
    options: ['DEBUG_FS'],
    severity: 'blocks',
    meaning: "SystemTap's runtime does not compile without debugfs.",
  },
  {
    options: ['RELAY'],
    severity: 'blocks',
    meaning: 'SystemTap passes its output on through relay files, which this kernel does not support.',
  },
  {
    options: ['PERF_EVENTS'],
    severity: 'blocks',
    meaning: 'This kernel cannot trigger samples: timer.profile and perf probes need perf events.',
  },
  {
    options: ['KPROBES'],
    severity: 'costs',
    meaning: "Kernel functions cannot be probed, and SystemTap's module may fail to load.",
  },
];

function checkConfiguration({ kernel: { config, release } }: Facts): readonly Finding[] {
  if (!config)
    return [
      {
        code: 'kernel-config-unknown',
        severity: 'note',
        meaning: 'The doctor could not find out whether this kernel was built with what SystemTap needs.',
        cause: `There is no readable /boot/config-${release}, /proc/config.gz, or config in /lib/modules/${release}.`,
        fixes: [],
        values: { kernel: release },
        links: [],
      },
    ];
  return [...REQUIRED, userTracking(release)].flatMap((needed) => unmet(needed, config, release));
}

function unmet(
  { options, severity, meaning }: Requirement,
  { options: set, file }: KernelConfig,
  release: string,
): readonly Finding[] {
  const missing = options.filter((option) => !/^[ym]$/.test(set.get(option) ?? 'n'));
  if (missing.length === 0) return [];
  const names = missing.map((option) => `CONFIG_${option}`).join(' and ');
  return [
    {
      code: `kernel-without-${missing.at(-1)!.toLowerCase().replaceAll('_', '-')}`,
      severity,
      ...(severity === 'blocks' && { obstacle: 'configuration' as const }),
      meaning,
      cause: `${names} ${missing.length === 1 ? 'is' : 'are'} not set in ${file}.`,
      fixes: [
        { commands: [], effect: "Boot another kernel. The distribution's own kernels have these options." },
      ],
      values: { kernel: release, options: names, file },
      links: [],
    },
  ];
}

/**
 * Returns the kernel options that SystemTap needs to track processes. Linux has had uprobes since 3.5; before that, a
 * patch named utrace did the same. Timer sampling needs only the task finder, not uprobes or utrace, so their absence
 * alone never prevents sampling.
 */
function userTracking(release: string): Requirement {
  const running = kernelVersion(release);
  const old = running !== undefined && !isNewer(running, [3, 4, 0, Infinity]);
  return {
    options: old ? ['UTRACE'] : ['TRACEPOINTS', 'UPROBES'],
    severity: 'costs',
    meaning:
      'User stacks may be missing or have no names, because the kernel does not let SystemTap track processes.',
  };
}

function checkHeaders(facts: Facts): readonly Finding[] {
  const { kernel } = facts;
  const machine = facts.machine;
  const lacking = ['.config', 'Makefile'].filter((file) => !kernel.headers.includes(file));
  if (lacking.length === 0) return [];
  const { release } = kernel;
  return [
    {
      code: 'kernel-headers-missing',
      severity: 'blocks',
      obstacle: 'configuration',
      meaning: 'SystemTap cannot compile its module for the running kernel.',
      cause: `The headers are missing: there is no ${lacking.join(' and no ')} in /lib/modules/${release}/build.`,
      fixes: [
        headersFix(facts),
        {
          commands: [sh`${asRoot(machine)}stap-prep`],
          effect: "Runs SystemTap's own tool, which installs what the running kernel needs, or names it.",
        },
      ],
      values: { kernel: release },
      links: ['man stap-prep', 'man error::pass4'],
    },
  ];
}

function headersFix({ machine, kernel: { release, headersPackaged: packaged } }: Facts): Fix {
  if (/microsoft/i.test(release)) return matchKernel(machine);
  const commands = installKernelHeaders(machine);
  if (packaged !== false && commands.length > 0) return { commands };
  return {
    commands: [],
    effect:
      "The distribution has no package with these headers, so the kernel came from elsewhere. Install its build tree from where the kernel came from, or boot one of the distribution's kernels. (If the package lists are old, run apt-get update first.)",
  };
}

function checkSymbols(facts: Facts): readonly Finding[] {
  const { systemMap, kallsyms, kptrRestrict, release } = facts.kernel;
  const root = asRoot(facts.machine);
  if (systemMap !== undefined || kallsyms) return [];
  const hidden = kptrRestrict !== undefined && kptrRestrict > 0;
  return [
    {
      code: 'kernel-symbols-hidden',
      severity: 'costs',
      meaning: 'Kernel frames have no names.',
      cause: `There is no System.map for ${release}, and /proc/kallsyms shows this user no addresses${hidden ? ` (kernel.kptr_restrict is ${kptrRestrict})` : ''}.`,
      fixes: [
        {
          commands: [sh`${root}cp /proc/kallsyms /boot/System.map-${release}`],
          effect:
            "Copies the kernel's symbol list. The copy is valid until the next boot, when addresses may change.",
          undo: [sh`${root}rm /boot/System.map-${release}`],
        },
        ...(hidden
          ? [
              {
                commands: [sh`${root}sysctl kernel.kptr_restrict=0`],
                risk: 'Every user can then see kernel addresses, which makes attacks on the kernel easier.',
                undo: [sh`${root}sysctl kernel.kptr_restrict=${String(kptrRestrict)}`],
              },
            ]
          : []),
      ],
      values: { kernel: release },
      links: ['man warning::symbols'],
    },
  ];
}
