import { asRoot } from '../../distribution.ts';
import type { Finding, Fix } from '../../finding.ts';
import { installPackages } from '../../packages.ts';
import type { Facts } from '../facts.ts';
import { KNOWS_TASK_WORK_RENAME, releaseFor, TASK_WORK_RENAME, testedUpTo } from '../kernel-support.ts';
import { compareVersions, isNewer, kernelVersion } from '../kernel-version.ts';
import { siteOf } from '../site.ts';

const NEWER = 'https://sourceware.org/systemtap/getinvolved.html';

/** SystemTap is there, whole, fits the kernel, and has left nothing in it. */
export function checkSystemTap(facts: Facts): readonly Finding[] {
  return [...checkPrograms(facts), ...checkLeft(facts)];
}

function checkPrograms(facts: Facts): readonly Finding[] {
  const { programs, systemtap } = facts;
  if (!programs.has('stap'))
    return [programs.has('staprun') ? runtimeOnly(facts) : missing('stap', 'systemtap-missing', facts)];
  const findings = programs.has('staprun') ? [] : [missing('staprun', 'staprun-missing', facts)];
  const tools = ['gcc', 'make'].filter((tool) => !programs.has(tool));
  if (tools.length > 0)
    findings.push({
      code: 'compiler-missing',
      severity: 'blocks',
      obstacle: 'missing-program',
      meaning: 'SystemTap cannot compile its module.',
      cause: `There is no ${tools.join(' and no ')} in PATH.`,
      fixes: [{ commands: installPackages(siteOf(facts), ['gcc', 'make']) }],
      values: { programs: tools.join(' ') },
      links: ['man error::pass4'],
    });
  const { version } = systemtap;
  if (version !== undefined) findings.push(...checkFit(facts, version));
  return findings;
}

function checkLeft(facts: Facts): readonly Finding[] {
  const { leftModules } = facts.systemtap;
  if (leftModules.length === 0) return [];
  return [
    {
      code: 'modules-left',
      severity: 'costs',
      meaning: 'Modules of runs before are still loaded, and may still sample.',
      cause: 'Their staprun was killed before it could unload them.',
      fixes: [{ commands: leftModules.map((name) => asRoot(siteOf(facts), `staprun -d ${name}`)) }],
      values: { modules: leftModules.join(' ') },
      links: ['man 8 staprun'],
    },
  ];
}

/** Empty where the distribution is not known, or has no package. */
function installSystemTap(facts: Facts): Fix {
  const site = siteOf(facts);
  const commands = site.distribution.id === 'alpine' ? [] : installPackages(site, ['systemtap']);
  return commands.length > 0 ? { commands } : { commands, effect: `Build it from source: ${NEWER}` };
}

function missing(program: string, code: string, facts: Facts): Finding {
  return {
    code,
    severity: 'blocks',
    obstacle: 'missing-program',
    meaning: 'Nothing can be sampled without SystemTap.',
    cause: `There is no ${program} in PATH.`,
    fixes: [installSystemTap(facts)],
    values: { program },
    links: ['https://sourceware.org/systemtap/'],
  };
}

function runtimeOnly(facts: Facts): Finding {
  const { release } = facts.kernel;
  return {
    ...missing('stap', 'systemtap-runtime-only', facts),
    meaning: 'This machine can run modules of SystemTap, but not make them.',
    cause: 'There is a staprun, but no stap: only the runtime is installed.',
    fixes: [
      {
        commands: [`stapflame record --host "$HOST" --compile-for ${release} -p "$PID" -t 30 -o trace.bt`],
        effect: `Compiles on another machine that has SystemTap and the headers of ${release}, and only runs here.`,
      },
      installSystemTap(facts),
    ],
  };
}

function checkFit(facts: Facts, version: string): readonly Finding[] {
  const { kernel, systemtap } = facts;
  const running = kernelVersion(kernel.release);
  if (!running) return [];
  const values = { systemtap: version, kernel: kernel.release };
  const renamed = kernel.taskWorkRenamed || (kernel.headers.length === 0 && isAtLeast(running));
  const patched = systemtap.runtimeKnowsRename || compareVersions(version, KNOWS_TASK_WORK_RENAME) >= 0;
  const newest = releaseFor((tested) => !isNewer(running, kernelVersion(tested)!));
  const fixes = [
    {
      commands: installPackages(siteOf(facts), ['systemtap']),
      effect: `Only where the distribution has a newer one${newest === undefined ? '' : `: ${newest} or later was tested with this kernel`}.`,
    },
    { commands: [], effect: `Build a newer one from source: ${NEWER}` },
  ];
  if (renamed && !patched && systemtap.runtime !== undefined)
    return [
      {
        code: 'systemtap-too-old-for-kernel',
        severity: 'blocks',
        obstacle: 'configuration',
        meaning: `SystemTap ${version} cannot compile for kernel ${kernel.release}: pass 4 fails.`,
        cause: `The kernel has task_work_cancel_func in place of task_work_cancel; SystemTap knows it from ${KNOWS_TASK_WORK_RENAME} on, and ${systemtap.runtime} does not.`,
        fixes,
        values,
        links: ['man error::pass4'],
      },
    ];
  const tested = systemtap.testedUpTo ?? testedUpTo(version);
  const last = tested === undefined ? undefined : kernelVersion(tested);
  if (!last || !isNewer(running, last)) return [];
  return [
    {
      code: 'systemtap-untested-kernel',
      severity: 'costs',
      meaning: `SystemTap ${version} may not compile for kernel ${kernel.release}.`,
      cause: `It was tested up to ${tested}; the kernel is newer.`,
      fixes: [
        {
          commands: ["stap -p4 -e 'probe timer.profile { print_ubacktrace() }'"],
          effect: 'Compiles without running anything: it prints the path of a module where it works.',
        },
        ...fixes,
      ],
      values: { ...values, tested: tested! },
      links: ['man error::pass4'],
    },
  ];
}

function isAtLeast(running: readonly number[]): boolean {
  return running[0] !== TASK_WORK_RENAME[0]
    ? running[0]! > TASK_WORK_RENAME[0]!
    : running[1]! >= TASK_WORK_RENAME[1]!;
}
