import { asRoot, kernelOf, olderThan, words, type DistributionId, type Site } from './distribution.ts';
import type { Fix } from './finding.ts';
import { quoted } from './shell.ts';

/** What one family of distributions wants typed. */
interface Manager {
  /** Installs packages by name. */
  install(site: Site, packages: string): string;
  /** Makes the packages with debug symbols available; none where they are already. */
  repositories(site: Site): Fix | undefined;
  /** Installs the debug symbols of packages. */
  debuginfo(site: Site, packages: readonly string[]): readonly string[];
  /** The package of the kernel's headers, as a word for the shell. */
  headers(site: Site): string;
  /** None where the kernel's debug information is no package. */
  kernelDebuginfo(site: Site): readonly string[];
  /** Its public debuginfod server. */
  readonly debuginfod: string;
}

const kernel = (site: Site, before: string, after = ''): string => {
  const name = `${before}${kernelOf(site)}${after}`;
  return name.includes('$') ? `"${name}"` : name;
};

/** Debian's own libraries that have a hand-made package of symbols in the main archive. */
const DBG: ReadonlySet<string> = new Set(['libc6', 'libc6-i386', 'libc6-x32']);

/** The package with the symbols of a package of Debian or Ubuntu; one that ends in -dbg needs no archive of its own. */
export function symbolPackage(name: string): string {
  return DBG.has(name) ? 'libc6-dbg' : `${name}-dbgsym`;
}

const apt = {
  install: (site: Site, packages: string): string => asRoot(site, `apt-get install ${packages}`),
  headers: (site: Site): string => kernel(site, 'linux-headers-'),
  debuginfo: (site: Site, packages: readonly string[]): readonly string[] => [
    asRoot(site, `apt-get install ${words([...new Set(packages.map(symbolPackage))])}`),
  ],
};

function aptSource(site: Site, file: string, before: readonly string[], lines: readonly string[]): Fix {
  const list = `/etc/apt/sources.list.d/${file}`;
  const update = asRoot(site, 'apt-get update');
  return {
    commands: [
      ...before,
      `printf '%s\\n' ${lines.map((line) => `"${line}"`).join(' ')} | ${asRoot(site, `tee ${list}`)}`,
      update,
    ],
    effect: 'Adds the archive in which the distribution keeps debug symbols.',
    undo: [asRoot(site, `rm ${list}`), update],
  };
}

/** The code name of the release, as part of a word in double quotes. */
function codename({ distribution }: Site): string {
  const known = distribution.codename;
  return known !== undefined && /^[a-z0-9-]+$/.test(known)
    ? known
    : '$(. /etc/os-release; echo $VERSION_CODENAME)';
}

const debian: Manager = {
  ...apt,
  repositories: (site) =>
    aptSource(
      site,
      'debug.list',
      [],
      [`deb http://deb.debian.org/debian-debug/ ${codename(site)}-debug main`],
    ),
  kernelDebuginfo: (site) => [apt.install(site, kernel(site, 'linux-image-', '-dbg'))],
  debuginfod: 'https://debuginfod.debian.net',
};

const ubuntu: Manager = {
  ...apt,
  repositories: (site) =>
    aptSource(
      site,
      'ddebs.list',
      [apt.install(site, 'ubuntu-dbgsym-keyring')],
      ['', '-updates'].map(
        (pocket) =>
          `deb http://ddebs.ubuntu.com ${codename(site)}${pocket} main restricted universe multiverse`,
      ),
    ),
  kernelDebuginfo: (site) => [apt.install(site, kernel(site, 'linux-image-', '-dbgsym'))],
  debuginfod: 'https://debuginfod.ubuntu.com',
};

/** Releases before 8 have yum, whose debuginfo-install is a program of yum-utils. */
const yum = (site: Site): boolean => site.distribution.id !== 'fedora' && olderThan(site.distribution, 8);

const dnf = {
  install: (site: Site, packages: string): string =>
    asRoot(site, `${yum(site) ? 'yum' : 'dnf'} install ${packages}`),
  // debuginfo-install enables the repositories by itself
  repositories: (): undefined => undefined,
  debuginfo: (site: Site, packages: readonly string[]): readonly string[] =>
    debuginfoInstall(site, words(packages)),
  headers: (site: Site): string => kernel(site, 'kernel-devel-'),
  kernelDebuginfo: (site: Site): readonly string[] => debuginfoInstall(site, kernel(site, 'kernel-')),
};

function debuginfoInstall(site: Site, packages: string): readonly string[] {
  return yum(site)
    ? [asRoot(site, 'yum install yum-utils'), asRoot(site, `debuginfo-install ${packages}`)]
    : [asRoot(site, `dnf debuginfo-install ${packages}`)];
}

const suse: Manager = {
  install: (site, packages) => asRoot(site, `zypper install ${packages}`),
  // named for the one command that needs them
  repositories: () => undefined,
  debuginfo: (site, packages) => [
    asRoot(site, `zypper --plus-content debug install ${words(packages.map((name) => `${name}-debuginfo`))}`),
  ],
  headers: () => 'kernel-default-devel',
  kernelDebuginfo: (site) => [asRoot(site, 'zypper --plus-content debug install kernel-default-debuginfo')],
  debuginfod: 'https://debuginfod.opensuse.org',
};

const arch: Manager = {
  install: (site, packages) => asRoot(site, `pacman -S ${packages}`),
  repositories: () => undefined,
  // symbols are only served by debuginfod
  debuginfo: () => [`export DEBUGINFOD_URLS=${quoted(arch.debuginfod)}`],
  headers: () => 'linux-headers',
  kernelDebuginfo: () => [`export DEBUGINFOD_URLS=${quoted(arch.debuginfod)}`],
  debuginfod: 'https://debuginfod.archlinux.org',
};

const alpine: Manager = {
  install: (site, packages) => asRoot(site, `apk add ${packages}`),
  repositories: () => undefined,
  debuginfo: (site, packages) => [asRoot(site, `apk add ${words(packages.map((name) => `${name}-dbg`))}`)],
  headers: () => 'linux-lts-dev',
  kernelDebuginfo: () => [],
  debuginfod: 'https://debuginfod.elfutils.org',
};

/** Asks servers of many distributions. */
const FEDERATED = 'https://debuginfod.elfutils.org';

const unknown: Manager = {
  install: () => '',
  repositories: () => undefined,
  debuginfo: () => [],
  headers: () => '',
  kernelDebuginfo: () => [],
  debuginfod: FEDERATED,
};

const MANAGERS: Readonly<Record<DistributionId, Manager>> = {
  debian,
  ubuntu,
  fedora: { ...dnf, debuginfod: 'https://debuginfod.fedoraproject.org' },
  centos: { ...dnf, debuginfod: 'https://debuginfod.centos.org' },
  rhel: { ...dnf, debuginfod: FEDERATED },
  suse,
  arch,
  alpine,
  unknown,
};

const managerOf = (site: Site): Manager => MANAGERS[site.distribution.id];
const some = (command: string): readonly string[] => (command === '' ? [] : [command]);

/** Installs packages. Like every list of commands here it is empty where the distribution is unknown. */
export function installPackages(site: Site, packages: readonly string[]): readonly string[] {
  return some(managerOf(site).install(site, words(packages)));
}

/** Makes packages of debug symbols available; `undefined` where they are, or where none are made. */
export function debugRepositories(site: Site): Fix | undefined {
  return managerOf(site).repositories(site);
}

/** Installs the debug symbols of these packages. On Debian and Ubuntu `debugRepositories` comes first. */
export function installDebuginfo(site: Site, packages: readonly string[]): readonly string[] {
  return managerOf(site).debuginfo(site, packages);
}

/** Installs the headers of the running kernel, against which stap compiles. */
export function installKernelHeaders(site: Site): readonly string[] {
  const manager = managerOf(site);
  return some(manager.install(site, manager.headers(site)));
}

/** Installs the debug information of the running kernel: hundreds of MB. */
export function installKernelDebuginfo(site: Site): readonly string[] {
  return managerOf(site).kernelDebuginfo(site);
}

/** Address of the distribution's debuginfod server. */
export function debuginfodServer(site: Site): string {
  return managerOf(site).debuginfod;
}

/** Lets SystemTap and gdb fetch debug information when they need it; sudo drops the variable unless told. */
export function useDebuginfod(site: Site): Fix {
  const kept = site.root === true ? '' : ' With sudo, type sudo --preserve-env=DEBUGINFOD_URLS.';
  return {
    commands: [`export DEBUGINFOD_URLS=${quoted(debuginfodServer(site))}`],
    effect: `Debug information is fetched by build-id when it is needed, and kept in a cache.${kept}`,
    risk: 'The server learns which builds are looked at, and the first run waits for downloads.',
    undo: ['unset DEBUGINFOD_URLS'],
  };
}
