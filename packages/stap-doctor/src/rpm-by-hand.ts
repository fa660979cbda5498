import type { Fix } from './finding.ts';
import { asRoot, olderThan, type Machine } from './machine.ts';
import { asWords, sh } from './shell.ts';

/** The server with each family's debug information packages; rpm supplies the directory. */
const CENTOS = 'http://debuginfo.centos.org';
const KOJI = 'https://kojipkgs.fedoraproject.org/packages';

/**
 * Gets debug information for rpm packages by hand if debuginfo-install fails: each package from its build server,
 * without a mirror. Before version 8, there was one debuginfo package for each source package, and `SOURCERPM` contains
 * its name. `undefined` if packages are not rpm or only subscribers get them.
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
      'Fetches each package from the server that built it. Repeat the second command until all are there: -c resumes a download that broke off.',
    undo: [sh`${root}rpm -e $(rpm -qp --qf '%{NAME} ' ./*-debuginfo-*.rpm)`],
  };
}
