import type { Fix } from './finding.ts';
import { asRoot, olderThan, type DistributionId, type Machine } from './machine.ts';
import { asWords, sh, type Command, type Verbatim, type Words } from './shell.ts';

/** The commands for one family of distributions. */
interface Manager {
  /** Installs packages by name. */
  install(machine: Machine, packages: Words | Verbatim): Command;
  /** Makes packages with debug symbols available. Absent if they are available by default. */
  readonly repositories?: (machine: Machine) => Fix;
  /** Installs the debug symbols of packages. */
  debuginfo(machine: Machine, packages: Words): readonly Command[];
  /** The package with the kernel's headers. */
  headers(machine: Machine): Words | Verbatim;
  /** Installs the kernel's debug information. Returns no commands if no package contains it. */
  kernelDebuginfo(machine: Machine): readonly Command[];
  /** The family's public debuginfod server. */
  readonly debuginfod: string;
}

/**
 * Returns the name of a package for exactly this kernel. If the kernel is not known, the shell fills in its release.
 */
const kernelPackage = ({ kernel }: Machine, before: string, after = ''): Words | Verbatim =>
  kernel === undefined ? { verbatim: `"${before}$(uname -r)${after}"` } : [`${before}${kernel}${after}`];

/** Debian packages whose symbols are in libc6-dbg, a package in the main archive. */
const DBG: ReadonlySet<string> = new Set(['libc6', 'libc6-i386', 'libc6-x32']);

/**
 * Returns the name of the symbol package for a Debian or Ubuntu package. Packages whose names end in -dbg are in the
 * main archive.
 */
export function symbolPackage(name: string): string {
  return DBG.has(name) ? 'libc6-dbg' : `${name}-dbgsym`;
}

const apt = {
  install: (machine: Machine, packages: Words | Verbatim): Command =>
    sh`${asRoot(machine)}apt-get install -- ${packages}`,
  headers: (machine: Machine): Words | Verbatim => kernelPackage(machine, 'linux-headers-'),
  debuginfo: (machine: Machine, packages: Words): readonly Command[] => [
    apt.install(machine, distinct(packages, symbolPackage)),
  ],
};

/** Applies a function to the names, and returns each distinct result once. */
function distinct([first, ...rest]: Words, nameOf: (name: string) => string): Words {
  const head = nameOf(first);
  return [head, ...new Set(rest.map(nameOf).filter((name) => name !== head))];
}

/** Adds a file with package archives. `lines` returns the file's lines for a release's code name. */
function aptSource(
  machine: Machine,
  file: string,
  lines: (codename: string) => Words,
  before: readonly Command[] = [],
): Fix {
  const root = asRoot(machine);
  const list = `/etc/apt/sources.list.d/${file}`;
  const { codename } = machine.distribution;
  const written =
    codename !== undefined && /^[a-z0-9-]+$/.test(codename)
      ? lines(codename)
      : {
          verbatim: lines('$(. /etc/os-release; echo $VERSION_CODENAME)')
            .map((line) => `"${line}"`)
            .join(' '),
        };
  return {
    commands: [...before, sh`printf '%s\n' ${written} | ${root}tee ${list}`, sh`${root}apt-get update`],
    effect: "Adds the archive that holds the distribution's debug symbols.",
    undo: [sh`${root}rm ${list}`, sh`${root}apt-get update`],
  };
}

const debian: Manager = {
  ...apt,
  repositories: (machine) =>
    aptSource(machine, 'debug.list', (codename) => [
      `deb http://deb.debian.org/debian-debug/ ${codename}-debug main`,
    ]),
  kernelDebuginfo: (machine) => [apt.install(machine, kernelPackage(machine, 'linux-image-', '-dbg'))],
  debuginfod: 'https://debuginfod.debian.net',
};

const ubuntu: Manager = {
  ...apt,
  repositories: (machine) => {
    const archive = 'deb http://ddebs.ubuntu.com';
    const parts = 'main restricted universe multiverse';
    return aptSource(
      machine,
      'ddebs.list',
      (codename) => [`${archive} ${codename} ${parts}`, `${archive} ${codename}-updates ${parts}`],
      [apt.install(machine, ['ubuntu-dbgsym-keyring'])],
    );
  },
  kernelDebuginfo: (machine) => [apt.install(machine, kernelPackage(machine, 'linux-image-', '-dbgsym'))],
  debuginfod: 'https://debuginfod.ubuntu.com',
};

/** Releases before 8 have yum; their debuginfo-install is in the package yum-utils. */
const isYum = ({ distribution }: Machine): boolean =>
  distribution.id !== 'fedora' && olderThan(distribution, 8);

// dnf 5 rejects `--`; it is not needed, because no package name starts with a dash
const dnf = {
  install: (machine: Machine, packages: Words | Verbatim): Command =>
    isYum(machine)
      ? sh`${asRoot(machine)}yum install -- ${packages}`
      : sh`${asRoot(machine)}dnf install ${packages}`,
  debuginfo: debuginfoInstall,
  headers: (machine: Machine): Words | Verbatim => kernelPackage(machine, 'kernel-devel-'),
  kernelDebuginfo: (machine: Machine): readonly Command[] =>
    debuginfoInstall(machine, kernelPackage(machine, 'kernel-')),
};

/** Installs debug information. The tool enables the repositories that it needs. */
function debuginfoInstall(machine: Machine, packages: Words | Verbatim): readonly Command[] {
  const root = asRoot(machine);
  return isYum(machine)
    ? [dnf.install(machine, ['yum-utils']), sh`${root}debuginfo-install -- ${packages}`]
    : [sh`${root}dnf debuginfo-install ${packages}`];
}

const suse: Manager = {
  install: (machine, packages) => sh`${asRoot(machine)}zypper install -- ${packages}`,
  // the option enables the archive for this one command
  debuginfo: (machine, packages) => [
    sh`${asRoot(machine)}zypper --plus-content debug install -- ${distinct(packages, (name) => `${name}-debuginfo`)}`,
  ],
  headers: () => ['kernel-default-devel'],
  kernelDebuginfo: (machine) => suse.debuginfo(machine, ['kernel-default']),
  debuginfod: 'https://debuginfod.opensuse.org',
};

const arch: Manager = {
  install: (machine, packages) => sh`${asRoot(machine)}pacman -S -- ${packages}`,
  // symbols are available only from debuginfod
  debuginfo: () => [sh`export DEBUGINFOD_URLS=${arch.debuginfod}`],
  headers: () => ['linux-headers'],
  kernelDebuginfo: () => [sh`export DEBUGINFOD_URLS=${arch.debuginfod}`],
  debuginfod: 'https://debuginfod.archlinux.org',
};

/** A server that forwards requests to the servers of many distributions. */
const FEDERATED = 'https://debuginfod.elfutils.org';

const alpine: Manager = {
  install: (machine, packages) => sh`${asRoot(machine)}apk add -- ${packages}`,
  debuginfo: (machine, packages) => [
    alpine.install(
      machine,
      distinct(packages, (name) => `${name}-dbg`),
    ),
  ],
  headers: () => ['linux-lts-dev'],
  kernelDebuginfo: () => [],
  debuginfod: FEDERATED,
};

const MANAGERS: Readonly<Record<Exclude<DistributionId, 'unknown'>, Manager>> = {
  debian,
  ubuntu,
  fedora: { ...dnf, debuginfod: 'https://debuginfod.fedoraproject.org' },
  centos: { ...dnf, debuginfod: 'https://debuginfod.centos.org' },
  rhel: { ...dnf, debuginfod: FEDERATED },
  suse,
  arch,
  alpine,
};

function managerOf({ distribution: { id } }: Machine): Manager | undefined {
  return id === 'unknown' ? undefined : MANAGERS[id];
}

/** A package name, which may be followed by a version, as in `libc6-dbg=2.36-9` for apt. */
const PACKAGE = /^[A-Za-z0-9](?:[\w.+~:^-]*[\w+~^])?(?:=[\w.+~:^-]*[\w+~^])?$/;

/**
 * Keeps only names that every package manager reads as a single package. For example, apt would read `libc6-` as a
 * request to remove libc6, and dnf would read `*` as all packages.
 */
function packageNames(names: readonly string[]): Words | undefined {
  return asWords(names.filter((name) => PACKAGE.test(name)));
}

/**
 * Returns commands that install packages. Like every list of commands in this file, the list is empty if no command is
 * known.
 */
export function installPackages(machine: Machine, packages: readonly string[]): readonly Command[] {
  const [manager, names] = [managerOf(machine), packageNames(packages)];
  return manager && names ? [manager.install(machine, names)] : [];
}

/**
 * Returns a fix that makes debug symbol packages available, or `undefined` if they already are or the distribution has
 * none.
 */
export function debugRepositories(machine: Machine): Fix | undefined {
  return managerOf(machine)?.repositories?.(machine);
}

/**
 * Returns commands that install the debug symbols of these packages. On Debian and Ubuntu, `debugRepositories` must be
 * applied first.
 */
export function installDebuginfo(machine: Machine, packages: readonly string[]): readonly Command[] {
  const names = packageNames(packages);
  return (names && managerOf(machine)?.debuginfo(machine, names)) ?? [];
}

/** Returns commands that install the running kernel's headers, which stap needs to compile a module. */
export function installKernelHeaders(machine: Machine): readonly Command[] {
  const manager = managerOf(machine);
  return manager ? [manager.install(machine, manager.headers(machine))] : [];
}

/** Returns commands that install the running kernel's debug information, which takes up hundreds of MB. */
export function installKernelDebuginfo(machine: Machine): readonly Command[] {
  return managerOf(machine)?.kernelDebuginfo(machine) ?? [];
}

/**
 * Lets SystemTap and gdb fetch debug information when they need it. sudo drops the environment variable unless told to
 * keep it.
 */
export function useDebuginfod(machine: Machine): Fix {
  const kept = machine.root === true ? '' : ' With sudo, use sudo --preserve-env=DEBUGINFOD_URLS.';
  return {
    commands: [sh`export DEBUGINFOD_URLS=${managerOf(machine)?.debuginfod ?? FEDERATED}`],
    effect: `Fetches debug information by build-id when it is needed, and keeps it in a cache.${kept}`,
    risk: 'The server learns which builds you examine, and the first run waits for downloads.',
    undo: [sh`unset DEBUGINFOD_URLS`],
  };
}

/**
 * Returns the commands for one distribution, for the documentation. `name` is one of the distribution's packages, used
 * as an example.
 */
export function documentPackages(
  id: DistributionId,
  name: string,
): readonly (readonly [purpose: string, commands: readonly Command[]])[] {
  const machine = { distribution: { id } };
  return [
    ['archive with debug symbols', debugRepositories(machine)?.commands ?? []],
    [`debug symbols for a package (${name})`, installDebuginfo(machine, [name])],
    ['headers for the running kernel', installKernelHeaders(machine)],
    ['debug information for the kernel', installKernelDebuginfo(machine)],
    ['debuginfod', useDebuginfod(machine).commands],
  ];
}
