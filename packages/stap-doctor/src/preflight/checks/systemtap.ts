import { unloadCommand } from '../abandoned-modules.ts';
import { advise, type Finding, type Fix } from '../../finding.ts';
import { installPackages } from '../../packages.ts';
import { sh } from '../../shell.ts';
import type { Facts } from '../facts.ts';
import { KNOWS_TASK_WORK_RENAME, TASK_WORK_RENAME, testedUpTo } from '../kernel-support.ts';
import { compareVersions, isNewer, kernelVersion } from '../kernel-version.ts';

const NEWER = 'https://sourceware.org/systemtap/getinvolved.html';

/** Checks whether SystemTap is completely installed, fits the kernel, and has not left modules in the kernel. */
export function checkSystemTap(facts: Facts): readonly Finding[] {
  return [...checkPrograms(facts), ...checkAbandonedModules(facts)];
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
      meaning: 'SystemTap cannot compile its module, because programs are missing.',
      cause: `There is no ${tools.join(' and no ')} in PATH.`,
      fixes: [{ commands: installPackages(facts.machine, ['gcc', 'make']) }],
      values: { programs: tools.join(' ') },
      links: ['man error::pass4'],
    });
  const { version } = systemtap;
  if (version !== undefined) findings.push(...checkFit(facts, version));
  return findings;
}

function checkAbandonedModules({ systemtap, machine }: Facts): readonly Finding[] {
  const modules = systemtap.abandonedModules;
  if (modules.length === 0) return [];
  return [
    {
      code: 'modules-abandoned',
      severity: 'costs',
      meaning: 'SystemTap modules from earlier runs are still loaded, and may still be sampling.',
      cause: 'In these runs, staprun was killed before it could unload the module.',
      fixes: [{ commands: modules.map((name) => unloadCommand(name, machine)) }],
      values: { modules: modules.join(' ') },
      links: ['man 8 staprun'],
    },
  ];
}

/** Installs SystemTap, or suggests building it if no package is known. */
function installSystemTap(facts: Facts): Fix {
  const machine = facts.machine;
  const commands = machine.distribution.id === 'alpine' ? [] : installPackages(machine, ['systemtap']);
  return commands.length > 0 ? { commands } : advise(`Build SystemTap from source: ${NEWER}`);
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
    meaning: 'This machine can run SystemTap modules, but cannot compile them.',
    cause: "staprun is installed, but stap is not: only SystemTap's runtime is installed.",
    fixes: [
      advise(
        `Sample from another machine that has SystemTap and the headers for ${release}: there, run stapflame record with --host, naming this machine, and with --compile-for ${release}. The module is compiled there and runs here.`,
      ),
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
  const fixes = [
    {
      commands: installPackages(facts.machine, ['systemtap']),
      effect: 'Installs a newer SystemTap, if the distribution has one.',
    },
    advise(`Build a newer SystemTap from source: ${NEWER}`),
  ];
  if (renamed && !patched && systemtap.runtime !== undefined)
    return [
      {
        code: 'systemtap-too-old-for-kernel',
        severity: 'blocks',
        obstacle: 'configuration',
        meaning: `SystemTap ${version} cannot compile modules for kernel ${kernel.release}: pass 4 fails.`,
        cause: `In this kernel, task_work_cancel was renamed to task_work_cancel_func. SystemTap knows the new name from ${KNOWS_TASK_WORK_RENAME} on, but the runtime in ${systemtap.runtime} does not.`,
        fixes,
        values,
        links: ['man error::pass4'],
      },
    ];
  const tested = testedUpTo(version, systemtap.testedUpTo);
  const last = tested === undefined ? undefined : kernelVersion(tested);
  if (!last || !isNewer(running, last)) return [];
  return [
    {
      code: 'systemtap-untested-kernel',
      severity: 'costs',
      meaning: `SystemTap ${version} may fail to compile modules for kernel ${kernel.release}.`,
      cause: `It was tested with kernels up to ${tested}, and this one is newer.`,
      fixes: [
        {
          commands: [sh`stap -p4 -e 'probe timer.profile { print_ubacktrace() }'`],
          effect: 'Only compiles a script. If that works, stap prints the path of the module.',
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
