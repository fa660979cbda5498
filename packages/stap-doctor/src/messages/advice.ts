import { asRoot, olderThan, type Site } from '../distribution.ts';
import type { Fix } from '../finding.ts';
import { installKernelHeaders, useDebuginfod } from '../packages.ts';

/** The groups in which scripts of one's own may be run. */
export const JOIN_GROUPS: Fix = {
  commands: ['sudo usermod -aG stapusr,stapdev "$USER"', 'newgrp stapdev'],
  effect: 'Lets you run scripts of your own; it holds from the next login, or in the shell of newgrp.',
  risk: 'Members of stapdev can load code of theirs into the kernel: that is as much as root.',
  undo: ['sudo gpasswd -d "$USER" stapusr', 'sudo gpasswd -d "$USER" stapdev'],
};

/** Runs it as root, once. */
export const AS_ROOT: Fix = {
  commands: [],
  effect: 'Sample as root for this once: put sudo before the command (stapflame record has --sudo).',
};

/** Headers that fit the running kernel. */
export function matchKernel(site: Site): Fix {
  return {
    commands: [...installKernelHeaders(site), 'uname -r', 'ls -d /lib/modules/*/build'],
    effect:
      'Installs the headers of the kernel that runs; where they are already there, the newest kernel does not run yet: reboot into it.',
  };
}

/** What was compiled before does no longer fit. */
export const CLEAR_CACHE: Fix = {
  commands: ['rm -r ~/.systemtap/cache'],
  effect: 'Throws away the modules that were compiled before; the next run compiles anew.',
};

/** Puts back what the package set. */
export function setuidStaprun(site: Site): Fix {
  return {
    commands: [
      'ls -l "$(command -v staprun)"',
      asRoot(site, 'chown root:stapusr "$(command -v staprun)"'),
      asRoot(site, 'chmod 04754 "$(command -v staprun)"'),
    ],
    effect: 'The rights that its package gives it: root, for the group stapusr alone.',
    risk: 'staprun runs as root for members of stapusr; it is made for that.',
    undo: [asRoot(site, 'chmod 0755 "$(command -v staprun)"')],
  };
}

/** Fetching debug information by build-id, where the tools can: not before release 8 of Red Hat's. */
export function debuginfod(site: Site): readonly Fix[] {
  const { id } = site.distribution;
  const old = (id === 'rhel' || id === 'centos') && olderThan(site.distribution, 8);
  return old ? [] : [useDebuginfod(site)];
}
