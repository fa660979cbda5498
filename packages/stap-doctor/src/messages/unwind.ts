import { advice, each, listed, sampleAgain, type Entry } from './entry.ts';

const OWN = String.raw`stap_[0-9a-f]+_\d+`;
const GONE = String.raw`(?:.* \(deleted\)|.*\.#prelink#\.\w{1,20})`;
const RERUN = "WARNING: Missing unwind data for (?:a )?module, rerun with 'stap -d ";

/** Stacks that end early because the unwinder knows too little of a module. */
export const UNWIND: readonly Entry[] = [
  {
    code: 'missing-unwind-data',
    patterns: [new RegExp(`^${RERUN}(?!kernel'|\\(unknown|${OWN}'|${GONE}')(?<module>.+)'$`)],
    gathers: 'module',
    severity: 'costs',
    meaning: 'Stacks end at their first frame in a module whose unwind data the script does not carry.',
    cause: ({ module }) => `Not named by -d, --ldd or --all-modules when stap compiled: ${listed(module)}.`,
    fixes: ({ module }, circumstances) => [
      sampleAgain(
        circumstances,
        each(module).flatMap((file) => ['-d', file]),
        { effect: 'The script carries the unwind data and symbols of these files.' },
      ),
    ],
    links: ['man stap'],
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/demo/bin/burn-nocfi'",
        values: { module: '/opt/demo/bin/burn-nocfi' },
        from: 'run',
      },
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d /usr/lib64/libssl.so.1.0.1e'",
        values: { module: '/usr/lib64/libssl.so.1.0.1e' },
        from: 'report',
      },
    ],
  },
  {
    code: 'missing-unwind-data-kernel',
    patterns: [new RegExp(`^${RERUN}kernel'$`)],
    severity: (_, { stacks }) => (stacks === 'user' ? 'note' : 'costs'),
    meaning: 'The unwinder met an address of the kernel, whose unwind data the script does not carry.',
    cause: (_, { stacks }) =>
      stacks === 'user'
        ? 'Only user stacks were asked for: samples that hit the kernel begin there, and nothing is lost.'
        : 'The kernel was not named by -d kernel when stap compiled; user stacks are not concerned.',
    fixes: (_, circumstances) =>
      circumstances.stacks === 'user'
        ? []
        : [sampleAgain(circumstances, ['-d', 'kernel'], { effect: 'Kernel frames are unwound and named.' })],
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d kernel'",
        values: {},
        from: 'run',
      },
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d kernel'",
        values: {},
        from: 'report',
      },
    ],
  },
  {
    code: 'missing-unwind-data-unknown',
    patterns: [new RegExp(`^${RERUN}\\(unknown; retry with -DDEBUG_UNWIND\\)'$`)],
    severity: 'note',
    meaning: 'A stack led to an address that belongs to no file.',
    cause: 'Generated code, the vDSO, or a frame that was not unwound rightly before; such stacks are short.',
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d (unknown; retry with -DDEBUG_UNWIND)'",
        values: {},
        from: 'run',
      },
    ],
  },
  {
    code: 'missing-unwind-data-own-module',
    patterns: [new RegExp(`^${RERUN}(?<module>${OWN})'$`)],
    gathers: 'module',
    severity: 'note',
    meaning: "The unwinder met SystemTap's own module.",
    cause: 'The probe itself was interrupted while it took a sample; nothing of the target is missing.',
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d stap_b086928e3189235b7322242832c1081_32715'",
        values: { module: 'stap_b086928e3189235b7322242832c1081_32715' },
        from: 'source',
      },
    ],
  },
  {
    code: 'missing-unwind-data-deleted',
    patterns: [new RegExp(`^${RERUN}(?!${OWN}')(?<module>${GONE})'$`)],
    gathers: 'module',
    severity: 'note',
    meaning:
      'The target runs a file that is no longer on the disk: it was replaced after the target had started.',
    cause: ({ module }) =>
      `${listed(module)} was upgraded or prelinked; no -d can name it, and its frames stay bare.`,
    fixes: () => [
      advice('Restart the target, so that it maps the files that are there now, and sample again.', {
        risk: 'The target is away while it restarts, and what is being looked at may not come back.',
      }),
    ],
    examples: [
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d /lib64/libc-2.12.so (deleted)'",
        values: { module: '/lib64/libc-2.12.so (deleted)' },
        from: 'report',
      },
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d /lib64/libpthread-2.12.so.#prelink#.FHp24m (deleted)'",
        values: { module: '/lib64/libpthread-2.12.so.#prelink#.FHp24m (deleted)' },
        from: 'report',
      },
    ],
  },
  {
    code: 'module-data-not-found',
    patterns: [
      new RegExp(`^WARNING: missing unwind/symbol data for module '(?!${OWN}'|uprobes')(?<module>.+)'$`),
    ],
    gathers: 'module',
    severity: 'costs',
    meaning: 'A module that was asked for by -d was not found.',
    cause: ({ module }) => `There is no ${listed(module)} where stap looked, or it is no ELF file.`,
    fixes: ({ module }) => [
      advice(
        `Name the file as the target maps it: /proc/PID/maps lists it. In a container it is below /proc/PID/root, as in /proc/PID/root${each(module)[0]?.startsWith('/') === true ? each(module)[0]! : '/…'}.`,
      ),
    ],
    links: ['man stap'],
    examples: [
      {
        text: "WARNING: missing unwind/symbol data for module '/opt/app/libwork.so'",
        values: { module: '/opt/app/libwork.so' },
        from: 'source',
      },
    ],
  },
  {
    code: 'own-module-data-not-found',
    patterns: [new RegExp(`^WARNING: missing unwind/symbol data for module '(?<module>${OWN}|uprobes)'$`)],
    gathers: 'module',
    severity: 'note',
    meaning: 'SystemTap finds no data of its own module, which it needs for nothing.',
    cause: '--all-modules also named the modules that SystemTap itself had loaded at that time.',
    examples: [
      {
        text: "WARNING: missing unwind/symbol data for module 'stap_0bfcdd63ad3f579440e1276ddf12a591_7553'",
        values: { module: 'stap_0bfcdd63ad3f579440e1276ddf12a591_7553' },
        from: 'report',
      },
      {
        text: "WARNING: missing unwind/symbol data for module 'uprobes'",
        values: { module: 'uprobes' },
        from: 'report',
      },
    ],
  },
  {
    code: 'unwind-table-too-big',
    patterns: [
      /^WARNING: skipping module (?<module>\S+)(?:, section (?<section>\S+))? (?<table>\S+) table \(too big: (?<size>\d+) > (?<limit>\d+)\)/,
    ],
    severity: 'costs',
    meaning: 'The unwind table of a module is larger than SystemTap takes; its stacks end early.',
    cause: ({ module, table, size, limit }) =>
      `${table} of ${module} is ${mebibytes(size!)} MiB, and ${mebibytes(limit!)} MiB are the most.`,
    fixes: ({ module }) => [
      advice(`Leave out -d ${module!} and accept that stacks end in it, or sample this target with perf.`),
    ],
    examples: [
      {
        text: 'WARNING: skipping module chrome, section .text eh_frame table (too big: 41943040 > 33554432)',
        values: {
          module: 'chrome',
          section: '.text',
          table: 'eh_frame',
          size: '41943040',
          limit: '33554432',
        },
        from: 'source',
      },
      {
        text: 'WARNING: skipping module chrome debug_frame table (too big: 41943040 > 33554432)',
        values: { module: 'chrome', table: 'debug_frame', size: '41943040', limit: '33554432' },
        from: 'source',
      },
    ],
  },
  {
    code: 'bad-frame-header',
    patterns: [/^WARNING: no or bad (?:debug )?frame hdr/],
    severity: 'note',
    meaning: 'A module has no index of its unwind data: unwinding through it is slow, or stops.',
    cause: 'It was built without .eh_frame_hdr, or the index is damaged; other messages may tell its name.',
    examples: [{ text: 'WARNING: no or bad debug frame hdr', values: {}, from: 'report' }],
  },
  {
    code: 'linear-unwind-search',
    patterns: [
      /^WARNING: No binary search table for (?<table>eh|debug) frame, doing slow linear search for (?<module>.+)$/,
    ],
    gathers: 'module',
    severity: ({ module }) =>
      each(module).every((name) => new RegExp(`^${OWN}$`).test(name)) ? 'note' : 'costs',
    meaning: 'Unwind data of a module is searched from its beginning for each frame, while the target waits.',
    cause: ({ module }) =>
      `${listed(module)} has unwind data without an index. For SystemTap's own stap_… module it is harmless.`,
    fixes: ({ module }, circumstances) => {
      const files = each(module).filter((name) => !new RegExp(`^${OWN}$`).test(name));
      if (files.length === 0) return [];
      return [
        sampleAgain(circumstances, ['-F', '19'], {
          effect: 'Samples less often, so that the target waits less.',
        }),
        advice(
          'Install the debug information or a current build of these files, whose unwind data has an index.',
        ),
      ];
    },
    examples: [
      {
        text: 'WARNING: No binary search table for eh frame, doing slow linear search for stap_b086928e3189235b7322242832c1081_32715',
        values: { table: 'eh', module: 'stap_b086928e3189235b7322242832c1081_32715' },
        from: 'report',
      },
      {
        text: 'WARNING: No binary search table for debug frame, doing slow linear search for /opt/app/libwork.so',
        values: { table: 'debug', module: '/opt/app/libwork.so' },
        from: 'source',
      },
    ],
  },
  {
    code: 'kernel-symbols-missing',
    patterns: [/^WARNING: Kernel function symbol table missing(?: \[man warning::symbols\])?/],
    severity: (_, { stacks }) => (stacks === 'user' ? 'note' : 'costs'),
    meaning: 'stap found no symbol table of the kernel: kernel frames stay without names.',
    cause: (_, { stacks }) =>
      stacks === 'user'
        ? 'Only user stacks were asked for, and those do not need it.'
        : 'There is neither a System.map of this release nor the debug information of the kernel.',
    fixes: (_, { stacks, ...site }) =>
      stacks === 'user'
        ? []
        : [
            {
              commands: [copyKallsyms(site.root === true)],
              effect:
                "Gives stap the running kernel's own list; it is true until the next boot into another kernel.",
              undo: [`${site.root === true ? '' : 'sudo '}rm "/boot/System.map-$(uname -r)"`],
            },
          ],
    links: ['man warning::symbols'],
    examples: [
      {
        text: 'WARNING: Kernel function symbol table missing [man warning::symbols]',
        values: {},
        from: 'source',
      },
    ],
  },
  {
    code: 'kallsyms-hidden',
    patterns: [/^WARNING: No kallsyms found\.\s+Your uid=(?<uid>\d+)\./],
    severity: (_, { stacks }) => (stacks === 'user' ? 'note' : 'costs'),
    meaning: 'The kernel hides the addresses of its symbols from this user.',
    cause: ({ uid }) =>
      uid === '0'
        ? 'kernel.kptr_restrict is 2, which hides them from root, too.'
        : `User ${uid} is not root.`,
    fixes: ({ uid }) =>
      uid === '0'
        ? [
            {
              commands: ['sysctl kernel.kptr_restrict', 'sudo sysctl kernel.kptr_restrict=1'],
              risk: 'Root, and what runs as root, sees addresses of the kernel again.',
              undo: ['sudo sysctl kernel.kptr_restrict=2'],
            },
          ]
        : [advice('Sample as root, for instance with sudo.')],
    examples: [
      { text: 'WARNING: No kallsyms found.  Your uid=1000.', values: { uid: '1000' }, from: 'source' },
    ],
  },
  {
    code: 'read-address-failed',
    patterns: [/^WARNING: _stp_read_address failed to access memory location/],
    severity: 'note',
    meaning: 'A word of a stack was not in memory while the target was interrupted.',
    cause:
      'The page was swapped out or never touched; that one stack ends early. A few of these cost nothing.',
    examples: [
      { text: 'WARNING: _stp_read_address failed to access memory location', values: {}, from: 'run' },
    ],
  },
  {
    code: 'build-id-mismatch',
    patterns: [
      /^WARNING: Build-id mismatch (?:\[man warning::buildid\]: )?"(?<module>.+)" pid (?<pid>\d+) address (?<address>0x[0-9a-f]+), expected (?<expected>\S+) actual (?<actual>\S+)/,
    ],
    severity: 'costs',
    meaning: 'The target runs another build of a file than the one that stap read: its names would be wrong.',
    cause: ({ module, pid }) =>
      `${module} was replaced after process ${pid} had started, or is another file inside its container.`,
    fixes: ({ pid }, circumstances) => [
      advice('Restart the target, so that it runs the build that is on the disk.', {
        risk: 'The target is away while it restarts.',
      }),
      sampleAgain(circumstances, ['-d', `/proc/${pid}/exe`], {
        effect: 'Reads the build that really runs, where it is the executable.',
      }),
      sampleAgain(circumstances, ['-DSTP_NO_BUILDID_CHECK'], {
        effect: 'Skips the comparison.',
        risk: 'Last resort: where the builds do differ, every name of this file is wrong, and nothing shows it.',
      }),
    ],
    links: ['man warning::buildid'],
    examples: [
      {
        text: 'WARNING: Build-id mismatch [man warning::buildid]: "/usr/sbin/nginx" pid 4242 address 0x55d0c0a00274, expected 0a1b2c actual 3d4e5f',
        values: {
          module: '/usr/sbin/nginx',
          pid: '4242',
          address: '0x55d0c0a00274',
          expected: '0a1b2c',
          actual: '3d4e5f',
        },
        from: 'source',
      },
    ],
  },
];

function mebibytes(bytes: string): number {
  return Math.round(Number(bytes) / 2 ** 20);
}

function copyKallsyms(root: boolean): string {
  const copy = 'cp /proc/kallsyms "/boot/System.map-$(uname -r)"';
  return root ? copy : `sudo ${copy}`;
}
