import { advise, type Fix } from './finding.ts';
import { asRoot, olderThan, type Machine } from './machine.ts';
import { installKernelHeaders, useDebuginfod } from './packages.ts';
import { sampleAgain } from './messages/sampling-flags.ts';
import { sh, type Verbatim } from './shell.ts';

const ME: Verbatim = { verbatim: '"$USER"' };

/** Membership in the groups that may run any script. */
export function joinGroups(user: string | Verbatim = ME): Fix {
  return {
    commands: [sh`sudo usermod -aG stapusr,stapdev -- ${user}`, sh`newgrp stapdev`],
    effect:
      'Allows this user to run any script. It takes effect at the next login, or in the shell of newgrp.',
    risk: 'Members of stapdev can load any code into the kernel: that is as good as root.',
    undo: [sh`sudo gpasswd -d ${user} stapusr`, sh`sudo gpasswd -d ${user} stapdev`],
  };
}

/** Runs the command as root, once. */
export const AS_ROOT: Fix = advise(
  'Sample as root this once: put sudo before the command, or give stapflame record --sudo.',
);

/** WSL's kernel comes from Microsoft. No distribution has a package for it. */
const WSL = /microsoft/i;
const WSL_HEADERS: Fix = advise(
  'This is the kernel of WSL2, for which the distribution has no package. Update WSL (wsl --update, then wsl --shutdown): newer releases include the headers. Or build https://github.com/microsoft/WSL2-Linux-Kernel at the tag of this release, with its own configuration, and link /lib/modules/RELEASE/build to it.',
);

/** Headers that match the running kernel. */
export function matchKernel(machine: Machine): Fix {
  if (WSL.test(machine.kernel ?? '')) return WSL_HEADERS;
  return {
    commands: [...installKernelHeaders(machine), sh`uname -r`, sh`ls -d /lib/modules/*/build`],
    effect:
      'Install the headers of the running kernel. If they are already installed, a newer kernel than the running one is installed, too: reboot.',
  };
}

/**
 * Functions that the kernel has renamed. `record --fit` uses the new names in a private copy of SystemTap's runtime.
 */
const RENAMED = /uprobe_unregister(?!_nosync)|task_work_cancel(?!_func)/;

/** Offers a patched copy of the runtime if the message names a function that the copy fixes. */
export function fitOf(message: string | undefined): readonly Fix[] {
  if (!RENAMED.test(message ?? '')) return [];
  const effect =
    "Samples with a private copy of SystemTap's runtime that is patched for this kernel; stapflame doctor shows the changes.";
  return [sampleAgain(['--fit'], { effect })];
}

/** Modules that were compiled earlier no longer fit. */
export const CLEAR_CACHE: Fix = {
  commands: [sh`rm -r ~/.systemtap/cache`],
  effect: 'Deletes the modules that were compiled earlier, so that the next run compiles again.',
};

/** Restores the owner and mode that the package set. */
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
    effect: 'Restores the owner and mode that the package sets.',
    risk: 'Members of stapusr can then run staprun as root, as the package intends.',
    undo: [sh`${root}chmod 0755 -- ${path}`],
  };
}

/** Shows why the kernel refused a module. */
export function kernelLog(machine: Machine): Fix {
  return {
    commands: [sh`${asRoot(machine)}dmesg | tail -n 5`],
    effect: "Shows the kernel's own reason.",
  };
}

/** How to sample on a kernel that loads only signed modules: the narrowest way first. */
export function signedModules(machine: Machine): readonly Fix[] {
  const root = asRoot(machine);
  return [
    {
      commands: [sh`export SYSTEMTAP_SIGN=1`],
      effect:
        'Lets a stap-server sign each module. Its key must be enrolled once, and the server says how (mokutil --import).',
      undo: [sh`unset SYSTEMTAP_SIGN`],
    },
    advise('If kernel stacks are enough: stap --runtime=bpf needs no module, but takes no user stacks.'),
    {
      commands: [sh`${root}mokutil --disable-validation`, sh`${root}reboot`],
      effect: 'Switches off signature checks from the next boot on.',
      risk: 'Last resort: from then on the machine loads any kernel module, even a hostile one.',
      undo: [sh`${root}mokutil --enable-validation`, sh`${root}reboot`],
    },
  ];
}

/** Fetches debug information by build-id if the tools can. In Red Hat's distributions, they can from release 8 on. */
export function debuginfod(machine: Machine): readonly Fix[] {
  const { id } = machine.distribution;
  const old = (id === 'rhel' || id === 'centos') && olderThan(machine.distribution, 8);
  return old ? [] : [useDebuginfod(machine)];
}
