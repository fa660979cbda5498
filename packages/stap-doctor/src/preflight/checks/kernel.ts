import type { Finding, Fix, Severity } from '../../finding.ts';
import { asRoot, type Machine } from '../../machine.ts';
import { matchKernel } from '../../fixes.ts';
import { installKernelHeaders } from '../../packages.ts';
import { sh } from '../../shell.ts';
import type { Facts, KernelConfig } from '../facts.ts';
import { isNewer, kernelVersion } from '../kernel-version.ts';

/** Checks how the kernel was built, which of its files are installed, and what it shows to this user. */
export function checkKernel(facts: Facts): readonly Finding[] {
  return [...checkConfiguration(facts), ...checkHeaders(facts), ...checkSymbols(facts)];
}

interface Requirement {
  readonly options: readonly string[];
  readonly severity: Exclude<Severity, 'note'>;
  readonly meaning: string;
}

/** Requirements of SystemTap's README and runtime (`runtime/linux/runtime.h`, `tapset-perfmon.cxx`, `tapsets.cxx`). */
const REQUIRED: readonly Requirement[] = [
  {
    options: ['MODULES'],
    severity: 'blocks',
    meaning: 'This kernel cannot load modules, and SystemTap needs to load one.',
  },
  {
    options: ['DEBUG_FS'],
    severity: 'blocks',
    meaning: "SystemTap's runtime does not compile without debugfs.",
  },
  {
    options: ['RELAY'],
    severity: 'blocks',
    meaning: 'SystemTap passes its output on through relay files, which this kernel lacks.',
  },
  {
    options: ['PERF_EVENTS'],
    severity: 'blocks',
    meaning: 'This kernel has no clock to sample by: timer.profile and perf probes need perf events.',
  },
  {
    options: ['KPROBES'],
    severity: 'costs',
    meaning: 'Functions of the kernel cannot be probed, and the runtime may fail to load.',
  },
];

function checkConfiguration({ kernel: { config, release } }: Facts): readonly Finding[] {
  if (!config)
    return [
      {
        code: 'kernel-config-unknown',
        severity: 'note',
        meaning: 'The doctor could not see whether this kernel was built for SystemTap.',
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
      fixes: [{ commands: [], effect: "Boot another kernel: the distribution's own kernels have it." }],
      values: { kernel: release, options: names, file },
      links: [],
    },
  ];
}

/**
 * Uprobes came with Linux 3.5; before that, a patch named utrace did the same. Timer sampling needs neither, only the
 * task finder, so their absence alone never prevents sampling.
 */
function userTracking(release: string): Requirement {
  const running = kernelVersion(release);
  const old = running !== undefined && !isNewer(running, [3, 4, 0, Infinity]);
  return {
    options: old ? ['UTRACE'] : ['TRACEPOINTS', 'UPROBES'],
    severity: 'costs',
    meaning:
      'User stacks may be missing or without names: the kernel does not let SystemTap follow processes.',
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
      cause: `There is no ${lacking.join(' and no ')} in /lib/modules/${release}/build.`,
      fixes: [
        headersFix(machine, kernel.headersPackaged),
        {
          commands: [sh`${asRoot(machine)}stap-prep`],
          effect: "Runs SystemTap's own installer, which installs or names what the running kernel needs.",
        },
      ],
      values: { kernel: release },
      links: ['man stap-prep', 'man error::pass4'],
    },
  ];
}

function headersFix(machine: Machine, packaged: boolean | undefined): Fix {
  if (/microsoft/i.test(machine.kernel ?? '')) return matchKernel(machine);
  const commands = installKernelHeaders(machine);
  if (packaged !== false && commands.length > 0) return { commands };
  return {
    commands: [],
    effect:
      'No package of the distribution has them, so this kernel came from elsewhere. Install its build tree from there, or boot a kernel of the distribution. (If the package lists are old: apt-get update.)',
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
      cause: `There is no System.map of ${release}, and /proc/kallsyms shows this user no addresses${hidden ? ` (kernel.kptr_restrict is ${kptrRestrict})` : ''}.`,
      fixes: [
        {
          commands: [sh`${root}cp /proc/kallsyms /boot/System.map-${release}`],
          effect: 'It is valid until the next boot, when addresses may change.',
          undo: [sh`${root}rm /boot/System.map-${release}`],
        },
        ...(hidden
          ? [
              {
                commands: [sh`${root}sysctl kernel.kptr_restrict=0`],
                risk: 'Every user then sees kernel addresses, which makes attacks on the kernel easier.',
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
