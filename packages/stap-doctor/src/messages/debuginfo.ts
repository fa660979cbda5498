import { advise, type Fix } from '../finding.ts';
import { asRoot, olderThan } from '../machine.ts';
import { debugRepositories, installDebuginfo } from '../packages.ts';
import { debuginfoByHand } from '../rpm-by-hand.ts';
import { asWords, sh } from '../shell.ts';
import { each, listed, type Circumstances, type Entry } from './entry.ts';
import { debuginfod } from '../fixes.ts';

const NEVRA = String.raw`[A-Za-z0-9][\w.+~:^-]*-[\w.+~:^]+-[\w.+~^]+\.(?:x86_64|i[3-6]86|aarch64|ppc64(?:le)?|s390x|armv7hl|noarch|src)`;

/** Messages about missing debug information for programs and libraries, and about mirrors that fail to deliver it. */
export const DEBUGINFO: readonly Entry[] = [
  {
    code: 'debuginfo-packages-missing',
    patterns: [
      /^Missing separate debuginfos?, use: (?:(?:dnf|yum|zypper) )?debuginfo-install(?: -y)?(?: (?<packages>.+))?$/,
    ],
    continues: new RegExp(`^\\s*${NEVRA}(?:\\s+${NEVRA})*\\s*$`),
    severity: 'costs',
    meaning:
      "Debug information for some of the target's packages is not installed, so their frames have few or no names.",
    cause: ({ packages }) => `Packages without debug information: ${rpmNames(packages)?.length ?? 0}.`,
    fixes: ({ packages }, machine) => {
      const names = rpmNames(packages);
      if (names === undefined) return debuginfod(machine);
      const { id } = machine.distribution;
      // only rpm's tools print this message, so on any other distribution it must come from another machine
      const commands =
        id === 'fedora' || id === 'rhel' || id === 'centos'
          ? installDebuginfo(machine, names)
          : [sh`${asRoot(machine)}debuginfo-install -- ${names}`];
      const byHand = debuginfoByHand(machine, names);
      return [{ commands }, ...debuginfod(machine), ...(byHand === undefined ? [] : [byHand])];
    },
    links: ['man debuginfo-install'],
    examples: [
      {
        text: 'Missing separate debuginfos, use: debuginfo-install glibc-2.12-1.192.el6.x86_64 zlib-1.2.3-29.el6.x86_64',
        from: 'report',
      },
      {
        text: 'Missing separate debuginfos, use: dnf debuginfo-install glibc-2.39-22.fc40.x86_64',
        from: 'document',
      },
      {
        text: 'Missing separate debuginfos, use: debuginfo-install glibc-2.12-1.192.el6.x86_64\nkrb5-libs-1.10.3-57.el6.x86_64 libcom_err-1.41.12-22.el6.x86_64\n  openssl-1.0.1e-48.el6_8.1.x86_64',
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
    meaning:
      'A program or library has no debug information, so functions that are not exported have no names.',
    cause: ({ module, reason }) =>
      `Debug information was stripped from ${listed(module)}, and none is installed separately${reason === undefined ? '' : ` (${reason})`}.`,
    fixes: ({ module }, machine) => fixesForFiles(each(module), machine),
    links: ['man warning::debuginfo'],
    examples: [
      {
        text: 'semantic error: missing process /usr/sbin/nginx x86_64 debuginfo [man warning::debuginfo]',
        from: 'source',
      },
      {
        text: 'WARNING: cannot find module /usr/sbin/nginx debuginfo: No DWARF information found [man warning::debuginfo]',
        from: 'report',
      },
      { text: 'File /usr/local/bin/app has no debug info embedded.', from: 'source' },
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
    meaning: 'A package mirror lacks a file that is in its package list, so the installation stopped.',
    cause: ({ url, repository, status }) =>
      `${repository ?? url ?? 'The repository'} answered with ${status === undefined ? 'an error' : `status ${status}`}. The mirror is out of date, or the release is so old that it was moved to an archive.`,
    fixes: ({ url, repository }, machine) => mirrorFixes(url, repository, machine),
    links: ['https://vault.centos.org', 'https://archives.fedoraproject.org'],
    examples: [
      {
        text: 'http://download.fedoraproject.org/pub/epel/6/x86_64/debug/repodata/75f2b-primary.sqlite.bz2: [Errno 14] PYCURL ERROR 22 - "The requested URL returned error: 404 Not Found"\nTrying other mirror.',
        from: 'report',
      },
      {
        text: 'failure: repodata/75f2b-primary.sqlite.bz2 from epel-debuginfo: [Errno 256] No more mirrors to try.',
        from: 'report',
      },
      {
        text: '[Errno 14] PYCURL ERROR 22 - "The requested URL returned error: 404 Not Found"',
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
    meaning: 'gdb can fetch debug information from a server, but does so only if this is enabled.',
    cause:
      'Without a terminal, gdb cannot ask whether to fetch debug information, and assumes that the answer is no.',
    fixes: () => [
      {
        commands: [sh`echo 'set debuginfod enabled on' >> ~/.gdbinit`],
        effect:
          "Lets all runs of gdb fetch debug information. For a single run, start gdb with -iex 'set debuginfod enabled on'.",
        risk: 'The server learns which builds you examine.',
        undo: [sh`sed -i '/^set debuginfod enabled on$/d' ~/.gdbinit`],
      },
    ],
    links: ['https://sourceware.org/elfutils/Debuginfod.html'],
    examples: [
      {
        text: 'This GDB supports auto-downloading debuginfo from the following URLs:\n  <https://debuginfod.fedoraproject.org/>\nEnable debuginfod for this session? (y or [n]) [answered N; input not from terminal]',
        from: 'document',
      },
      {
        text: 'Enable debuginfod for this session? (y or [n]) [answered N; input not from terminal]',
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
    cause: ({ reason, module }) => `The download for ${listed(module)} failed: ${reason}.`,
    fixes: (_, machine) => [
      {
        commands: [sh`echo "$DEBUGINFOD_URLS"`, sh`ls -ld ~/.cache/debuginfod_client`],
        effect: "Shows the server's address, and whether you may write to the cache.",
      },
      ...debuginfod(machine),
      {
        commands: [sh`export DEBUGINFOD_TIMEOUT=300`],
        effect: 'Makes the tools wait longer for the server.',
        undo: [sh`unset DEBUGINFOD_TIMEOUT`],
      },
    ],
    links: ['man debuginfod-find'],
    examples: [
      {
        text: 'Download failed: No route to host.  Continuing without separate debug info for /lib64/libc.so.6.',
        from: 'document',
      },
      {
        text: 'Download failed: Timer expired.  Continuing without debug info for /usr/bin/app.',
        from: 'document',
      },
    ],
  },
];

/** Returns the package names in a list that gdb printed, or `undefined` if there are none. */
function rpmNames(list = ''): ReturnType<typeof asWords> {
  return asWords([...new Set(list.split(/\s+/).filter((name) => /^[A-Za-z0-9][\w.+~:^-]*$/.test(name)))]);
}

/**
 * Returns ways to get debug information for files whose packages are not known here. The suggested commands look the
 * packages up on the machine.
 */
function fixesForFiles(files: readonly string[], machine: Circumstances): readonly Fix[] {
  const paths = asWords(files.filter((file) => file.startsWith('/')));
  const { id } = machine.distribution;
  const root = asRoot(machine);
  const byPackage: Fix[] = [];
  if (paths && (id === 'debian' || id === 'ubuntu')) {
    byPackage.push(debugRepositories(machine)!, {
      commands: [
        sh`dpkg -S -- ${paths}`,
        sh`${root}apt-get install -- $(dpkg -S -- ${paths} | sed 's/:.*/-dbgsym/' | sort -u)`,
      ],
      effect: 'Shows which packages contain the files, and installs the symbols for these packages.',
    });
  }
  if (paths && (id === 'fedora' || id === 'rhel' || id === 'centos')) {
    const install = {
      verbatim: olderThan(machine.distribution, 8) ? 'debuginfo-install --' : 'dnf debuginfo-install',
    };
    byPackage.push({
      commands: [sh`${root}${install} $(rpm -qf -- ${paths} | sort -u)`],
    });
  }
  return [
    ...debuginfod(machine),
    ...byPackage,
    advise('If the file is your own program, build it with -g and do not strip it.'),
  ];
}

/** The manual steps that troubleshooting guides recommend, from retrying to fetching individual files. */
function mirrorFixes(
  url: string | undefined,
  repository: string | undefined,
  machine: Circumstances,
): readonly Fix[] {
  const manager = machine.distribution.id === 'fedora' ? 'dnf' : 'yum';
  return [
    {
      commands: [sh`${asRoot(machine)}${manager} clean metadata`],
      effect:
        'Discards the package lists. Then repeat the installation, because another mirror may have all files.',
    },
    ...(repository === undefined
      ? []
      : [
          advise(
            `If another repository has the packages, add this option to the installation command: ${sh`--disablerepo=${repository}`}`,
          ),
        ]),
    ...(url === undefined
      ? []
      : [
          {
            commands: [sh`wget -c -- ${url}`],
            effect: `Downloads the file by hand. If the file has been renamed, find it with a browser. Then copy it to the repository's cache, below /var/cache/${manager}/.`,
          },
        ]),
    advise(
      "To fetch the packages one by one instead, let the doctor read the output of gdb -p PID. It then shows each package's address.",
    ),
    ...debuginfod(machine),
  ];
}
