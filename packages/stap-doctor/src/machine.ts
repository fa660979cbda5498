import type { Verbatim } from './shell.ts';

/** Families of distributions that share a package manager and repositories. */
export type DistributionId =
  'debian' | 'ubuntu' | 'fedora' | 'rhel' | 'centos' | 'suse' | 'arch' | 'alpine' | 'unknown';

/** A distribution, as /etc/os-release describes it. */
export interface Distribution {
  readonly id: DistributionId;
  /** `VERSION_ID`, such as `12` or `22.04`. */
  readonly version?: string;
  /** `VERSION_CODENAME`, such as `bookworm`. */
  readonly codename?: string;
}

/** The machine that the commands will run on. */
export interface Machine {
  readonly distribution: Distribution;
  /** Kernel release, as `uname -r` prints it. @defaultValue `$(uname -r)`, which the shell expands */
  readonly kernel?: string;
  /** Whether the user is root; if so, commands need no sudo. @defaultValue false */
  readonly root?: boolean;
}

const FAMILIES: Readonly<Record<string, DistributionId>> = {
  debian: 'debian',
  ubuntu: 'ubuntu',
  fedora: 'fedora',
  rhel: 'rhel',
  rocky: 'rhel',
  almalinux: 'rhel',
  ol: 'rhel',
  centos: 'centos',
  suse: 'suse',
  sles: 'suse',
  sled: 'suse',
  'opensuse-leap': 'suse',
  'opensuse-tumbleweed': 'suse',
  opensuse: 'suse',
  arch: 'arch',
  archarm: 'arch',
  alpine: 'alpine',
};

/** Matches the contents of /etc/redhat-release, which old releases have instead of os-release. */
const REDHAT_RELEASE = /^(CentOS|Red Hat Enterprise Linux|Fedora)\b.* release (\d+(?:\.\d+)*)/;
const REDHAT_IDS: Readonly<Record<string, DistributionId>> = {
  CentOS: 'centos',
  Fedora: 'fedora',
  'Red Hat Enterprise Linux': 'rhel',
};

/**
 * Reads the distribution from the contents of /etc/os-release or, on releases that lack this file, of
 * /etc/redhat-release.
 */
export function parseOsRelease(text: string): Distribution {
  const old = REDHAT_RELEASE.exec(text);
  if (old) return { id: REDHAT_IDS[old[1]!]!, version: old[2]! };
  const fields = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^([A-Z_]+)=(.*)$/gm))
    fields.set(
      name!,
      value!
        .trimEnd()
        .replace(/^(["'])(.*)\1$/, '$2')
        .replace(/\\([$"'\\`])/g, '$1'),
    );
  const names = `${fields.get('ID') ?? ''} ${fields.get('ID_LIKE') ?? ''}`.toLowerCase().split(/\s+/);
  const name = names.find((each) => Object.hasOwn(FAMILIES, each));
  const version = fields.get('VERSION_ID');
  // a derivative's own code name does not name a release of its parent distribution, so UBUNTU_CODENAME is preferred
  const codename = fields.get('UBUNTU_CODENAME') ?? fields.get('VERSION_CODENAME');
  return {
    id: name === undefined ? 'unknown' : FAMILIES[name]!,
    ...(version !== undefined && version !== '' && { version }),
    ...(codename !== undefined && codename !== '' && { codename }),
  };
}

const NAMES: Readonly<Record<DistributionId, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  fedora: 'Fedora',
  rhel: 'Red Hat Enterprise Linux',
  centos: 'CentOS',
  suse: 'openSUSE',
  arch: 'Arch Linux',
  alpine: 'Alpine Linux',
  unknown: 'an unknown distribution',
};

/** Returns the distribution's usual name, such as `Debian 12`. */
export function distributionName({ id, version }: Distribution): string {
  return version === undefined || id === 'unknown' ? NAMES[id] : `${NAMES[id]} ${version}`;
}

/** Whether the distribution's version is below `major`. An unknown version counts as new. */
export function olderThan({ version }: Distribution, major: number): boolean {
  return version !== undefined && Number.parseInt(version, 10) < major;
}

/** Returns the prefix for a command that only root may run: `sudo `, `doas `, or nothing if the user is root. */
export function asRoot({ root, distribution }: Machine): Verbatim {
  if (root === true) return { verbatim: '' };
  return { verbatim: distribution.id === 'alpine' ? 'doas ' : 'sudo ' };
}
