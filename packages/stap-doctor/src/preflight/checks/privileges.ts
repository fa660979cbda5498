import type { Finding, Fix } from '../../finding.ts';
import { quoted } from '../../shell.ts';
import type { Facts } from '../facts.ts';

/** Bits of `CapEff` (linux/capability.h). */
const CAP_SYS_MODULE = 1n << 16n;
const CAP_SYS_ADMIN = 1n << 21n;

/** Whether this user may load a module, and whether the kernel lets anybody. */
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
        meaning: 'Root is not allowed to load a module here.',
        cause: `CAP_SYS_MODULE or CAP_SYS_ADMIN was taken away${container === undefined ? '' : `, as in a ${container} container`}.`,
        fixes: [
          { commands: [], effect: 'Sample from the host: it sees the processes of its containers.' },
          ...(container === 'docker' || container === 'podman'
            ? [
                {
                  commands: [`${container} run --privileged "$IMAGE"`],
                  risk: 'The container can then do to the host whatever root can.',
                },
              ]
            : []),
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
        meaning: `${name} samples through sudo.`,
        cause: 'The user is not in the groups stapusr and stapdev, but sudo runs stap without a password.',
        fixes: [{ commands: ['stapflame record --sudo -p "$PID" -t 30 -o trace.bt'] }],
        values: { user: name },
        links: ['man stap'],
      },
    ];
  const inGroups = ['stapdev', 'stapsys', 'stapusr'].filter((group) => groups.includes(group));
  return [
    blocked('user-not-privileged', {
      meaning: `${name} may not run scripts of SystemTap.`,
      cause: `The user is neither root nor in both stapusr and stapdev (in ${inGroups.join(', ') || 'none of them'}), and sudo does not run stap without a password.`,
      fixes: [...(sudo === undefined ? [] : [WITH_PASSWORD]), joinGroups(name)],
      values: { user: name },
    }),
  ];
}

const WITH_PASSWORD: Fix = {
  commands: ['sudo stapflame record -p "$PID" -t 30 -o trace.bt'],
  effect: 'Asks for the password once and grants nothing lasting.',
};

function joinGroups(user: string): Fix {
  return {
    commands: [`sudo usermod -aG stapusr,stapdev ${quoted(user)}`, 'newgrp stapdev'],
    effect: 'Holds from the next login on.',
    risk: 'Who is in stapdev can load any code into the kernel: as good as root.',
    undo: ['stapusr', 'stapdev'].map((group) => `sudo gpasswd -d ${quoted(user)} ${group}`),
  };
}

function checkStaprun({ user, systemtap: { staprun } }: Facts): readonly Finding[] {
  if (!staprun || user.uid === 0) return [];
  const setuid = staprun.mode[3] === 's' && staprun.ownerUid === 0;
  if (setuid && !user.noNewPrivileges) return [];
  if (!setuid && user.sudo === true) return [];
  const path = quoted(staprun.path);
  return [
    blocked('staprun-without-setuid', {
      meaning: 'staprun cannot become root, as it must to load a module.',
      cause: setuid
        ? 'This session runs with no-new-privs, as in many containers: no program can gain rights.'
        : `${staprun.path} has mode ${staprun.mode} and owner ${staprun.ownerUid}, not setuid root.`,
      fixes: setuid
        ? [{ commands: [], effect: 'Sample outside of this container or sandbox.' }]
        : [
            {
              commands: [`sudo chown root:stapusr ${path}`, `sudo chmod 04750 ${path}`],
              risk: 'Members of stapusr can then run it as root, as the package means it.',
              undo: [`sudo chmod 0755 ${path}`],
            },
          ],
      values: { path: staprun.path, mode: staprun.mode },
    }),
  ];
}

function checkKernelLocks({ kernel }: Facts): readonly Finding[] {
  const { lockdown, signaturesForced, modulesDisabled, secureBoot, config } = kernel;
  if (modulesDisabled)
    return [
      blocked('modules-disabled', {
        meaning: 'No module can be loaded until the next boot.',
        cause: 'kernel.modules_disabled is 1, and nothing can set it back.',
        fixes: [{ commands: [], effect: 'Boot with it unset; see /etc/sysctl.d.' }],
        values: {},
      }),
    ];
  const locked = lockdown === 'integrity' || lockdown === 'confidentiality';
  const forced = signaturesForced || config?.options.get('MODULE_SIG_FORCE') === 'y';
  if (!locked && !forced) return [];
  return [
    blocked(locked ? 'kernel-locked-down' : 'signatures-forced', {
      meaning: "The kernel refuses SystemTap's module: it has no signature that the kernel knows.",
      cause: locked
        ? `Lockdown is ${lockdown}${secureBoot ? ', with Secure Boot on' : ''}.`
        : 'Signatures of modules are enforced (module.sig_enforce).',
      fixes: [
        {
          commands: [],
          effect:
            'Let a stap-server sign the modules with a key that you enrol once (mokutil --import), and sample with SYSTEMTAP_SIGN=1.',
        },
        ...(secureBoot
          ? [
              {
                commands: ['sudo mokutil --disable-validation', 'sudo reboot'],
                risk: 'Last resort: anything can be loaded into the kernel and Secure Boot protects it no more.',
                undo: ['sudo mokutil --enable-validation', 'sudo reboot'],
              },
            ]
          : []),
      ],
      values: { ...(lockdown !== undefined && { lockdown }), secureBoot: secureBoot ? 'on' : 'off' },
    }),
  ];
}

function checkPtrace({ kernel: { yama }, user }: Facts): readonly Finding[] {
  if (yama === undefined || yama === 0 || (user.uid === 0 && yama < 3)) return [];
  return [
    {
      code: 'ptrace-restricted',
      severity: 'note',
      meaning: 'gdb cannot attach to running processes as this user; sampling is not touched.',
      cause: `kernel.yama.ptrace_scope is ${yama}: ${['', 'only to own children', 'only with CAP_SYS_PTRACE', 'nobody, until the next boot'][yama]}.`,
      fixes:
        yama === 3
          ? []
          : [
              { commands: ['sudo gdb -p "$PID"'], effect: 'Root may attach.' },
              {
                commands: ['sudo sysctl kernel.yama.ptrace_scope=0'],
                risk: 'Last resort: any program can then read the memory of the others of the same user.',
                undo: [`sudo sysctl kernel.yama.ptrace_scope=${yama}`],
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
