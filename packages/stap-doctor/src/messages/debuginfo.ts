import { asRoot, olderThan, words } from '../distribution.ts';
import { debugRepositories, installDebuginfo } from '../packages.ts';
import { debuginfoByHand } from '../rpm-by-hand.ts';
import { quoted } from '../shell.ts';
import { debuginfod } from './advice.ts';
import { advice, each, listed, type Circumstances, type Entry } from './entry.ts';

const NEVRA = String.raw`[A-Za-z0-9][\w.+~:^-]*-[\w.+~:^]+-[\w.+~^]+\.(?:x86_64|i[3-6]86|aarch64|ppc64(?:le)?|s390x|armv7hl|noarch|src)`;

/** Debug information that programs and libraries are missing, and mirrors that do not deliver it. */
export const DEBUGINFO: readonly Entry[] = [
  {
    code: 'debuginfo-packages-missing',
    patterns: [
      /^Missing separate debuginfos?, use: (?:(?:dnf|yum|zypper) )?debuginfo-install(?: -y)?(?: (?<packages>.+))?$/,
    ],
    continues: new RegExp(`^\\s*${NEVRA}(?:\\s+${NEVRA})*\\s*$`),
    severity: 'costs',
    meaning:
      'The debug information of these packages is not installed: their frames have few names, or none.',
    cause: ({ packages }) => `${packageNames(packages).length} packages of the target have none.`,
    fixes: ({ packages }, site) => {
      const names = packageNames(packages);
      if (names.length === 0) return debuginfod(site);
      const { id } = site.distribution;
      // only rpm's tools print this: elsewhere the text came from another machine
      const commands =
        id === 'fedora' || id === 'rhel' || id === 'centos'
          ? installDebuginfo(site, names)
          : [asRoot(site, `debuginfo-install ${words(names)}`)];
      const byHand = debuginfoByHand(site, names);
      return [{ commands }, ...debuginfod(site), ...(byHand === undefined ? [] : [byHand])];
    },
    links: ['man debuginfo-install'],
    examples: [
      {
        text: 'Missing separate debuginfos, use: debuginfo-install glibc-2.12-1.192.el6.x86_64 zlib-1.2.3-29.el6.x86_64',
        values: { packages: 'glibc-2.12-1.192.el6.x86_64 zlib-1.2.3-29.el6.x86_64' },
        from: 'report',
      },
      {
        text: 'Missing separate debuginfos, use: dnf debuginfo-install glibc-2.39-22.fc40.x86_64',
        values: { packages: 'glibc-2.39-22.fc40.x86_64' },
        from: 'document',
      },
      {
        text: 'Missing separate debuginfos, use: debuginfo-install glibc-2.12-1.192.el6.x86_64\nkrb5-libs-1.10.3-57.el6.x86_64 libcom_err-1.41.12-22.el6.x86_64\n  openssl-1.0.1e-48.el6_8.1.x86_64',
        values: {
          packages:
            'glibc-2.12-1.192.el6.x86_64 krb5-libs-1.10.3-57.el6.x86_64 libcom_err-1.41.12-22.el6.x86_64 openssl-1.0.1e-48.el6_8.1.x86_64',
        },
        from: 'report',
      },
    ],
  },
  {
    code: 'debuginfo-missing',
    patterns: [
      /^(?:semantic error: )?(?:WARNING: )?missing process (?<module>\S+) (?<machine>\S+) debuginfo/,
      /^WARNING: cannot find module (?<module>\S+) debuginfo: (?<reason>.+?)(?: \[man warning::debuginfo\])?$/,
      /^File (?<module>\S+) has no debug info embedded\.$/,
    ],
    gathers: 'module',
    severity: 'costs',
    meaning: 'A program or library has no debug information: functions that are not exported have no names.',
    cause: ({ module, reason }) =>
      `${listed(module)}: stripped, and its debug information is not installed${reason === undefined ? '' : ` (${reason})`}. A separate file of it would do.`,
    fixes: ({ module }, site) => fixesForFiles(each(module), site),
    links: ['man warning::debuginfo'],
    examples: [
      {
        text: 'semantic error: missing process /usr/sbin/nginx x86_64 debuginfo [man warning::debuginfo]',
        values: { module: '/usr/sbin/nginx', machine: 'x86_64' },
        from: 'source',
      },
      {
        text: 'WARNING: cannot find module /usr/sbin/nginx debuginfo: No DWARF information found [man warning::debuginfo]',
        values: { module: '/usr/sbin/nginx', reason: 'No DWARF information found' },
        from: 'report',
      },
      {
        text: 'File /usr/local/bin/app has no debug info embedded.',
        values: { module: '/usr/local/bin/app' },
        from: 'source',
      },
    ],
  },
  {
    code: 'mirror-lacks-files',
    patterns: [
      /^(?<url>(?:https?|ftp):\/\/\S+?): \[Errno \d+\] PYCURL ERROR 22 - "The requested URL returned err/,
      /PYCURL ERROR 22 - "The requested URL returned error: (?<status>\d+)/,
      /^failure: (?<file>\S+) from (?<repository>\S+): \[Errno \d+\] No more mirrors to try/,
      /No more mirrors to try/,
    ],
    continues: /^or: \d+ |^Trying other mirror\.|No more mirrors to try/,
    severity: 'costs',
    meaning: 'A mirror of packages no longer has what its list names: the installation ended there.',
    cause: ({ url, repository, status }) =>
      `${repository ?? url ?? 'The repository'} answers ${status ?? 'with an error'}: the mirror is behind, or the release is so old that it was moved to an archive.`,
    fixes: ({ url, repository }, site) => mirrorFixes(url, repository, site),
    links: ['https://vault.centos.org', 'https://archives.fedoraproject.org'],
    examples: [
      {
        text: 'http://download.fedoraproject.org/pub/epel/6/x86_64/debug/repodata/75f2b-primary.sqlite.bz2: [Errno 14] PYCURL ERROR 22 - "The requested URL returned error: 404 Not Found"\nTrying other mirror.',
        values: {
          url: 'http://download.fedoraproject.org/pub/epel/6/x86_64/debug/repodata/75f2b-primary.sqlite.bz2',
        },
        from: 'report',
      },
      {
        text: 'failure: repodata/75f2b-primary.sqlite.bz2 from epel-debuginfo: [Errno 256] No more mirrors to try.',
        values: { file: 'repodata/75f2b-primary.sqlite.bz2', repository: 'epel-debuginfo' },
        from: 'report',
      },
      {
        text: '[Errno 14] PYCURL ERROR 22 - "The requested URL returned error: 404 Not Found"',
        values: { status: '404' },
        from: 'report',
      },
    ],
  },
  {
    code: 'debuginfod-off',
    patterns: [
      /^This GDB supports auto-downloading debuginfo from the following URLs:(?:\s+<?(?<urls>https?:\/\/[^\s>]+(?:>?\s+<?https?:\/\/[^\s>]+)*)>?)?/,
      /^Enable debuginfod for this session\? \(y or \[n\]\)/,
    ],
    continues:
      /^\s*<?https?:\/\/\S+$|^Enable debuginfod for this session\? |^Debuginfod has been disabled|^To make this setting permanent/,
    severity: 'note',
    meaning: 'gdb could fetch debug information from a server, and does not unless it is told.',
    cause: 'Without a terminal to ask at, gdb answers its own question with no.',
    fixes: () => [
      {
        commands: ["echo 'set debuginfod enabled on' >> ~/.gdbinit"],
        effect: "Or for once: gdb -iex 'set debuginfod enabled on' …",
        risk: 'The server learns which builds are looked at.',
        undo: ["sed -i '/^set debuginfod enabled on$/d' ~/.gdbinit"],
      },
    ],
    links: ['https://sourceware.org/elfutils/Debuginfod.html'],
    examples: [
      {
        text: 'This GDB supports auto-downloading debuginfo from the following URLs:\n  <https://debuginfod.fedoraproject.org/>\nEnable debuginfod for this session? (y or [n]) [answered N; input not from terminal]',
        values: { urls: 'https://debuginfod.fedoraproject.org/' },
        from: 'document',
      },
      {
        text: 'Enable debuginfod for this session? (y or [n]) [answered N; input not from terminal]',
        values: {},
        from: 'document',
      },
    ],
  },
  {
    code: 'debuginfod-download-failed',
    patterns: [
      /^Download failed: (?<reason>.+?)\.\s+Continuing without (?:separate )?(?:debug info|source file|executable) (?:for )?(?<module>.+?)\.?$/,
    ],
    gathers: 'module',
    severity: 'costs',
    meaning: 'Debug information could not be fetched.',
    cause: ({ reason, module }) => `${reason}: for ${listed(module)}.`,
    fixes: (_, site) => [
      {
        commands: ['echo "$DEBUGINFOD_URLS"', 'ls -ld ~/.cache/debuginfod_client'],
        effect: 'Is the address of the server right, and may you write into the cache?',
      },
      ...debuginfod(site),
      {
        commands: ['export DEBUGINFOD_TIMEOUT=300'],
        effect: 'Waits longer.',
        undo: ['unset DEBUGINFOD_TIMEOUT'],
      },
    ],
    links: ['man debuginfod-find'],
    examples: [
      {
        text: 'Download failed: No route to host.  Continuing without separate debug info for /lib64/libc.so.6.',
        values: { reason: 'No route to host', module: '/lib64/libc.so.6' },
        from: 'document',
      },
      {
        text: 'Download failed: Timer expired.  Continuing without debug info for /usr/bin/app.',
        values: { reason: 'Timer expired', module: '/usr/bin/app' },
        from: 'document',
      },
    ],
  },
];

/** The names in a list that gdb printed; nothing that a package manager could take for an option. */
function packageNames(list = ''): readonly string[] {
  return [...new Set(list.split(/\s+/).filter((name) => /^[A-Za-z0-9][\w.+~:^-]*$/.test(name)))];
}

/** Debug information of files, whose packages only the machine knows. */
function fixesForFiles(
  files: readonly string[],
  site: Circumstances,
): ReturnType<NonNullable<Entry['fixes']>> {
  const paths = words(files.filter((file) => file.startsWith('/')));
  const { id } = site.distribution;
  const repositories = debugRepositories(site);
  const byPackage =
    id === 'debian' || id === 'ubuntu'
      ? [
          ...(repositories === undefined ? [] : [repositories]),
          {
            commands: [
              `dpkg -S ${paths}`,
              asRoot(site, `apt-get install $(dpkg -S ${paths} | sed 's/:.*/-dbgsym/' | sort -u)`),
            ],
            effect: 'The symbols of the packages that own the files.',
          },
        ]
      : id === 'fedora' || id === 'rhel' || id === 'centos'
        ? [
            {
              commands: [
                asRoot(
                  site,
                  `${olderThan(site.distribution, 8) ? '' : 'dnf '}debuginfo-install $(rpm -qf ${paths} | sort -u)`,
                ),
              ],
            },
          ]
        : [];
  return [
    ...debuginfod(site),
    ...(paths === '' ? [] : byPackage),
    advice('A program of your own: build it with -g, and do not strip it.'),
  ];
}

/** What the original guide did by hand, from a second try to single packages. */
function mirrorFixes(
  url: string | undefined,
  repository: string | undefined,
  site: Circumstances,
): ReturnType<NonNullable<Entry['fixes']>> {
  const manager = site.distribution.id === 'fedora' ? 'dnf' : 'yum';
  const without = repository === undefined ? '' : ` --disablerepo=${quoted(repository)}`;
  const byHand = debuginfoByHand(site, ['$PACKAGES'])?.commands.map((each) =>
    each.replace("'$PACKAGES'", '$PACKAGES'),
  );
  return [
    {
      commands: [asRoot(site, `${manager} clean metadata`)],
      effect: 'Forgets the lists; then type the installation again: another mirror may be whole.',
    },
    ...(without === ''
      ? []
      : [advice(`Add${without} to the installation, if what is wanted is in another repository.`)]),
    ...(url === undefined
      ? []
      : [
          {
            commands: [`wget -c ${quoted(url)}`],
            effect: `The file by hand: look for its name in a browser, and copy it to the cache of the repository below /var/cache/${manager}/.`,
          },
        ]),
    ...(byHand === undefined
      ? []
      : [
          {
            commands: ["PACKAGES='the packages that failed'", ...byHand],
            effect: 'Each package from where it was built; -c goes on where a download broke off.',
          },
        ]),
    ...debuginfod(site),
  ];
}
