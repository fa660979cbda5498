import { advise, type Fix } from './finding.ts';
import { asRoot, olderThan, type Machine } from './machine.ts';
import { installKernelHeaders, useDebuginfod } from './packages.ts';
import { sampleAgain } from './messages/sampling-flags.ts';
import { sh, type Verbatim } from './shell.ts';

const ME: Verbatim = { verbatim: '"$USER"' };

/** Adds the user to the groups whose members may run any script. */
export function joinGroups(user: string | Verbatim = ME): Fix {
  return {
    commands: [sh`sudo usermod -aG stapusr,stapdev -- ${user}`, sh`newgrp stapdev`],
    effect:
      'Allows this user to run any script: from the next login on, or immediately in the shell that newgrp starts.',
    risk: 'Members of stapdev can load any code into the kernel, which amounts to root access.',
    undo: [sh`sudo gpasswd -d ${user} stapusr`, sh`sudo gpasswd -d ${user} stapdev`],
  };
}

/** Runs the command as root, once. */
export const AS_ROOT: Fix = advise(
  'Sample as root this once: put sudo before the command, or run stapflame record with --sudo.',
);

/**
 * Matches the release of a WSL kernel. These kernels come from Microsoft, and no distribution has packages for them.
 */
const WSL = /microsoft/i;
const WSL_HEADERS: Fix = advise(
  'This is the WSL2 kernel, for which distributions have no packages. Update WSL (wsl --update, then wsl --shutdown), because newer releases include the headers. Or get the source from https://github.com/microsoft/WSL2-Linux-Kernel at the tag of this release, build the kernel with the configuration in that repository, and link /lib/modules/RELEASE/build to the source directory.',
);

/** Installs the headers for the running kernel. */
export function matchKernel(machine: Machine): Fix {
  if (WSL.test(machine.kernel ?? '')) return WSL_HEADERS;
  return {
    commands: [...installKernelHeaders(machine), sh`uname -r`, sh`ls -d /lib/modules/*/build`],
    effect:
      'Installs the headers for the running kernel, and shows which kernels have headers. If only a newer kernel has them, reboot into that kernel.',
  };
}

/** Kernel functions that were renamed. `record --fit` uses the new names in a private copy of SystemTap's runtime. */
const RENAMED = /uprobe_unregister(?!_nosync)|task_work_cancel(?!_func)/;

/** Suggests sampling with a patched copy of the runtime if the message names a function that the patch renames. */
export function fitOf(message: string): readonly Fix[] {
  if (!RENAMED.test(message)) return [];
  const effect =
    "Samples with a private copy of SystemTap's runtime that is patched for this kernel; stapflame doctor shows the changes.";
  return [sampleAgain(['--fit'], { effect })];
}

/** Clears the cache, because the modules in it no longer fit the kernel. */
export const CLEAR_CACHE: Fix = {
  commands: [sh`rm -r ~/.systemtap/cache`],
  effect: 'Deletes the modules that were compiled earlier, so that the next run compiles its module again.',
};

/** Restores the owner and mode that staprun has in its package. */
export function setuidStaprun(
  machine: Machine,
  path: string | Verbatim = { verbatim: '"$(command -v staprun)"' },
): Fix {
  const root = asRoot(machine);
  return {
    commands: [
      sh`ls -l -- ${path}`,
      sh`${root}chown root:stapusr -- ${path}`,
      sh`${root}chmod 04754 -- ${path}`,
    ],
    effect: 'Restores the owner and mode that staprun has in its package.',
    risk: "staprun then has root's rights when members of stapusr run it, as the package intends.",
    undo: [sh`${root}chmod 0755 -- ${path}`],
  };
}

/** Shows why the kernel refused a module. */
export function kernelLog(machine: Machine): Fix {
  return {
    commands: [sh`${asRoot(machine)}dmesg | tail -n 5`],
    effect: 'Shows the reason that the kernel gave.',
  };
}

/** Ways to sample on a kernel that loads only signed modules, starting with the one that changes the machine least. */
export function signedModules(machine: Machine): readonly Fix[] {
  const root = asRoot(machine);
  return [
    {
      commands: [sh`export SYSTEMTAP_SIGN=1`],
      effect:
        "Has a stap-server sign each module. The server's key must be enrolled once (mokutil --import); the server prints instructions for this.",
      undo: [sh`unset SYSTEMTAP_SIGN`],
    },
    advise(
      'If kernel stacks are enough, use stap --runtime=bpf, which needs no module but cannot sample user stacks.',
    ),
    {
      commands: [sh`${root}mokutil --disable-validation`, sh`${root}reboot`],
      effect: 'Switches off signature checks from the next boot on.',
      risk: 'Last resort: from then on, the machine loads any kernel module, even a malicious one.',
      undo: [sh`${root}mokutil --enable-validation`, sh`${root}reboot`],
    },
  ];
}

/**
 * Fetches debug information by build-id, if the distribution has tools for this. Red Hat Enterprise Linux and CentOS
 * have had them since release 8.
 */
export function debuginfod(machine: Machine): readonly Fix[] {
  const { id } = machine.distribution;
  const old = (id === 'rhel' || id === 'centos') && olderThan(machine.distribution, 8);
  return old ? [] : [useDebuginfod(machine)];
}
