import { advise, type Finding } from '../../finding.ts';
import { asRoot } from '../../machine.ts';

import { joinGroups, setuidStaprun, signedModules } from '../../fixes.ts';
import { sh } from '../../shell.ts';
import type { Facts } from '../facts.ts';

/** Bit masks for capabilities in `CapEff` (see linux/capability.h). */
const CAP_SYS_MODULE = 1n << 16n;
const CAP_SYS_ADMIN = 1n << 21n;

/** Checks whether this user may load a module, and whether the kernel allows it at all. */
export function checkPrivileges(facts: Facts): readonly Finding[] {
  return [...checkUser(facts), ...checkStaprun(facts), ...checkKernelLocks(facts), ...checkPtrace(facts)];
}

function checkUser({ user, programs }: Facts): readonly Finding[] {
  const { name, uid, groups, capabilities, sudo, container } = user;
  if (uid === 0) {
    const needed = CAP_SYS_MODULE | CAP_SYS_ADMIN;
    if ((capabilities & needed) === needed) return [];
    return [
      blocked('capability-missing', {
        meaning: 'Even root is not allowed to load modules here.',
        cause: `Root lacks CAP_SYS_MODULE or CAP_SYS_ADMIN${container === undefined ? '' : `, as is usual in a ${container} container`}.`,
        fixes: [
          advise('Sample from the host, which sees the processes in its containers.'),
          ...(container === undefined
            ? []
            : [
                {
                  ...advise('Or start the container with --privileged.'),
                  risk: 'The container can then do to the host whatever root can.',
                },
              ]),
        ],
        values: { user: name, ...(container !== undefined && { container }) },
      }),
    ];
  }
  const may = ['stapusr', 'stapdev'].every((group) => groups.includes(group));
  if (may || !programs.has('stap')) return [];
  if (sudo === true)
    return [
      {
        code: 'sudo-needed',
        severity: 'note',
        meaning: `${name} must use sudo to sample.`,
        cause:
          'The user is not in both of the groups stapusr and stapdev, but sudo runs stap without a password.',
        fixes: [advise('Run stapflame record and stapflame flame with --sudo.')],
        values: { user: name },
        links: ['man stap'],
      },
    ];
  const inGroups = ['stapdev', 'stapsys', 'stapusr'].filter((group) => groups.includes(group));
  return [
    blocked('user-not-privileged', {
      meaning: `${name} is not allowed to run SystemTap scripts.`,
      cause: `The user is not root and is not in both of the groups stapusr and stapdev (of SystemTap's groups, the user is in ${inGroups.join(', ') || 'none'}), and sudo does not run stap without a password.`,
      fixes: [
        ...(sudo === undefined
          ? []
          : [
              advise(
                'Put sudo before stapflame. sudo asks for the password once, and no permission is granted permanently.',
              ),
            ]),
        joinGroups(name),
      ],
      values: { user: name },
    }),
  ];
}

function checkStaprun({ user, machine, systemtap: { staprun } }: Facts): readonly Finding[] {
  if (!staprun || user.uid === 0) return [];
  const setuid = staprun.mode[3] === 's' && staprun.ownerUid === 0;
  if (setuid && !user.noNewPrivileges) return [];
  if (!setuid && user.sudo === true) return [];
  return [
    blocked('staprun-without-setuid', {
      meaning: 'staprun cannot become root, which is necessary to load a module.',
      cause: setuid
        ? 'This session runs with no-new-privs, as in many containers, so no program can gain privileges.'
        : `${staprun.path} is not setuid root: it has mode ${staprun.mode} and owner ${staprun.ownerUid}.`,
      fixes: [
        setuid
          ? advise('Sample from outside this container or sandbox.')
          : setuidStaprun(machine, staprun.path),
      ],
      values: { path: staprun.path, mode: staprun.mode },
    }),
  ];
}

function checkKernelLocks({ kernel, machine }: Facts): readonly Finding[] {
  const { lockdown, signaturesForced, modulesDisabled, secureBoot, config } = kernel;
  if (modulesDisabled)
    return [
      blocked('modules-disabled', {
        meaning: 'No module can be loaded until the next boot.',
        cause: 'kernel.modules_disabled is 1, and cannot be changed back to 0 while the kernel is running.',
        fixes: [advise('Remove this setting from the file in /etc/sysctl.d that contains it, then reboot.')],
        values: {},
      }),
    ];
  const locked = lockdown === 'integrity' || lockdown === 'confidentiality';
  const forced = signaturesForced || config?.options.get('MODULE_SIG_FORCE') === 'y';
  if (!locked && !forced) return [];
  return [
    blocked(locked ? 'kernel-locked-down' : 'signatures-forced', {
      meaning:
        "The kernel refuses SystemTap's module, because the module has no signature that the kernel accepts.",
      cause: locked
        ? `The kernel's lockdown mode is ${lockdown}${secureBoot ? ', and Secure Boot is on' : ''}.`
        : 'Module signatures are enforced (module.sig_enforce).',
      // the last fix, which switches validation off, works only with Secure Boot
      fixes: secureBoot ? signedModules(machine) : signedModules(machine).slice(0, -1),
      values: { ...(lockdown !== undefined && { lockdown }), secureBoot: secureBoot ? 'on' : 'off' },
    }),
  ];
}

const MAY_ATTACH = [
  'the same user may attach',
  'only parent processes may attach',
  'only root may attach',
  'nobody may attach until the next boot',
];

function checkPtrace({ kernel: { yama }, user, machine }: Facts): readonly Finding[] {
  if (yama === undefined || yama === 0 || (user.uid === 0 && yama < 3)) return [];
  return [
    {
      code: 'ptrace-restricted',
      severity: 'note',
      meaning: 'gdb cannot attach to running processes as this user. Sampling is not affected.',
      cause: `kernel.yama.ptrace_scope is ${yama}: ${MAY_ATTACH[yama] ?? 'attaching is restricted'}.`,
      fixes:
        yama === 3
          ? []
          : [
              advise('Run gdb with sudo, because root is allowed to attach.'),
              {
                commands: [sh`${asRoot(machine)}sysctl kernel.yama.ptrace_scope=0`],
                risk: "Last resort: any program can then read the memory of the same user's other programs.",
                undo: [sh`${asRoot(machine)}sysctl kernel.yama.ptrace_scope=${String(yama)}`],
              },
            ],
      values: { scope: String(yama) },
      links: ['man 2 ptrace'],
    },
  ];
}

function blocked(
  code: string,
  { meaning, cause, fixes, values }: Pick<Finding, 'meaning' | 'cause' | 'fixes' | 'values'>,
): Finding {
  return {
    code,
    severity: 'blocks',
    obstacle: 'permission',
    meaning,
    cause,
    fixes,
    values,
    links: ['man stap', 'man error::pass5'],
  };
}
