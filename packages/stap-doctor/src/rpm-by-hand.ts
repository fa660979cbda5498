import type { Fix } from './finding.ts';
import { asRoot, olderThan, type Machine } from './machine.ts';
import { asWords, sh } from './shell.ts';

/**
 * The servers that hold each distribution's debug information packages. The rest of each URL is a query format, which
 * rpm fills in.
 */
const CENTOS = 'http://debuginfo.centos.org';
const KOJI = 'https://kojipkgs.fedoraproject.org/packages';

/**
 * Returns a fix that fetches debug information for rpm packages by hand, for when debuginfo-install fails. It downloads
 * each package from the distribution's own server instead of from a mirror. Before version 8, CentOS had one debuginfo
 * package for each source package; rpm's tag `SOURCERPM` holds the source package's name. Returns `undefined` if the
 * distribution does not use rpm, or if only subscribers can download its packages.
 */
export function debuginfoByHand(machine: Machine, packages: readonly string[]): Fix | undefined {
  const { id, version = '' } = machine.distribution;
  const wanted = asWords(packages);
  if (wanted === undefined || (id !== 'fedora' && id !== 'centos')) return undefined;
  const major = Number.parseInt(version, 10) || 8;
  const bySource = id === 'centos' && olderThan(machine.distribution, 8);
  const query =
    id === 'fedora'
      ? `${KOJI}/%{SOURCERPM}/%{VERSION}/%{RELEASE}/%{ARCH}/%{NAME}-debuginfo-%{VERSION}-%{RELEASE}.%{ARCH}.rpm\\n`
      : `${CENTOS}/${major}/%{ARCH}/${bySource ? '%{SOURCERPM}' : '%{NAME}-debuginfo-%{VERSION}-%{RELEASE}'}.%{ARCH}.rpm\\n`;
  // openssl-1.0.1e-48.el6_8.1.src.rpm → openssl, or openssl-debuginfo-1.0.1e-48.el6_8.1
  const source =
    id === 'fedora'
      ? String.raw` | sed -E 's,-[^/-]+-[^/-]+\.src\.rpm/,/,'`
      : bySource
        ? String.raw` | sed -E 's,-([^/-]+-[^/-]+)\.src\.rpm,-debuginfo-\1,'`
        : '';
  const root = asRoot(machine);
  return {
    commands: [
      sh`rpm -q --qf ${query} -- ${wanted}${{ verbatim: source }} | sort -u > debuginfo.urls`,
      sh`wget -c -i debuginfo.urls`,
      sh`${root}rpm -ivh ./*-debuginfo-*.rpm`,
    ],
    effect:
      "Downloads each package from the distribution's own server. Repeat the second command until all packages are there; -c resumes interrupted downloads.",
    undo: [sh`${root}rpm -e $(rpm -qp --qf '%{NAME} ' ./*-debuginfo-*.rpm)`],
  };
}
