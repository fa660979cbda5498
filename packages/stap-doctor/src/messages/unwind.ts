import { advise } from '../finding.ts';
import { asRoot } from '../machine.ts';
import { sh } from '../shell.ts';
import { each, listed, type Entry } from './entry.ts';
import { sampleAgain } from './sampling-flags.ts';

const OWN = String.raw`stap_[0-9a-f]+_\d+`;
const GONE = String.raw`(?:.* \(deleted\)|.*\.#prelink#\.\w{1,20})`;
const RERUN = "WARNING: Missing unwind data for (?:a )?module, rerun with 'stap -d ";

const BUILD_ID_MISMATCH = String.raw`^WARNING: Build-id mismatch (?:\[man warning::buildid\]: )?"(?!kernel")(?<module>[^"]+)" pid (?<pid>\d+) address (?<address>0x[0-9a-f]+), expected (?<expected>\S+) actual `;
/** Matches bytes that are not a build-id: eight zeros in a row come from a table, not from a hash. */
const NO_BUILD_ID = '[0-9a-f]*0{8}';

/** Messages about stacks that end early because the unwinder has too little information about a module. */
export const UNWIND: readonly Entry[] = [
  {
    code: 'missing-unwind-data',
    patterns: [new RegExp(`^${RERUN}(?!kernel'|\\(unknown|${OWN}'|${GONE}')(?<module>.+)'$`)],
    gathers: 'module',
    severity: 'costs',
    meaning: 'Stacks end at the first frame in a module for which the script has no unwind data.',
    cause: ({ module }) =>
      `The script was compiled without -d, --ldd or --all-modules for ${listed(module)}.`,
    fixes: ({ module }) => {
      const [first, ...others] = each(module);
      return [
        sampleAgain(['-d', first!, ...others.flatMap((file) => ['-d', file])], {
          effect: 'Makes stap include the unwind data and symbols of these files.',
        }),
      ];
    },
    links: ['man stap'],
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/demo/bin/burn-nocfi'",
        from: 'run',
      },
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d /usr/lib64/libssl.so.1.0.1e'",
        from: 'report',
      },
    ],
  },
  {
    code: 'missing-unwind-data-kernel',
    patterns: [new RegExp(`^${RERUN}kernel'$`)],
    severity: (_, { stacks }) => (stacks === 'user' ? 'note' : 'costs'),
    meaning: 'The unwinder reached a kernel address, but the script has no unwind data for the kernel.',
    cause: (_, { stacks }) =>
      stacks === 'user'
        ? 'Only user stacks were requested, so nothing is lost.'
        : 'The script was compiled without -d kernel. User stacks are not affected.',
    fixes: (_, { stacks }) =>
      stacks === 'user'
        ? []
        : [
            sampleAgain(['-d', 'kernel'], {
              effect: "Makes stap include the kernel's unwind data and symbols.",
            }),
          ],
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d kernel'",
        from: 'run',
      },
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d kernel'",
        from: 'report',
      },
    ],
  },
  {
    code: 'missing-unwind-data-unknown',
    patterns: [new RegExp(`^${RERUN}\\(unknown; retry with -DDEBUG_UNWIND\\)'$`)],
    severity: 'note',
    meaning: 'A stack led to an address that belongs to no file.',
    cause:
      'The address is in generated code (JIT) or the vDSO, or an earlier frame was unwound incorrectly. Such stacks end early.',
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d (unknown; retry with -DDEBUG_UNWIND)'",
        from: 'run',
      },
    ],
  },
  {
    code: 'missing-unwind-data-own-module',
    patterns: [new RegExp(`^${RERUN}(?<module>${OWN})'$`)],
    gathers: 'module',
    severity: 'note',
    meaning: "The unwinder reached SystemTap's own module.",
    cause: 'The probe itself was interrupted while it took a sample. No data about the target is missing.',
    examples: [
      {
        text: "WARNING: Missing unwind data for a module, rerun with 'stap -d stap_b086928e3189235b7322242832c1081_32715'",
        from: 'source',
      },
    ],
  },
  {
    code: 'missing-unwind-data-deleted',
    patterns: [new RegExp(`^${RERUN}(?!${OWN}')(?<module>${GONE})'$`)],
    gathers: 'module',
    severity: 'note',
    meaning: 'The target runs a file that is no longer on disk: it was replaced after the target started.',
    cause: ({ module }) =>
      `Upgraded or prelinked: ${listed(module)}. The old file cannot be named with -d, so its frames have no names.`,
    fixes: () => [
      advise('Restart the target, so that it maps the current files, and sample again.', {
        risk: 'The target is unavailable while it restarts, and what you are looking for may not happen again.',
      }),
    ],
    examples: [
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d /lib64/libc-2.12.so (deleted)'",
        from: 'report',
      },
      {
        text: "WARNING: Missing unwind data for module, rerun with 'stap -d /lib64/libpthread-2.12.so.#prelink#.FHp24m (deleted)'",
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
    meaning: 'A module that was named with -d was not found.',
    cause: ({ module }) => `stap could not find ${listed(module)}, or it is not an ELF file.`,
    fixes: () => [
      advise(
        "Give the file's path as /proc/PID/maps shows it. A container's files are under /proc/PID/root.",
      ),
    ],
    links: ['man stap'],
    examples: [
      {
        text: "WARNING: missing unwind/symbol data for module '/opt/app/libwork.so'",
        from: 'source',
      },
    ],
  },
  {
    code: 'own-module-data-not-found',
    patterns: [new RegExp(`^WARNING: missing unwind/symbol data for module '(?<module>${OWN}|uprobes)'$`)],
    gathers: 'module',
    severity: 'note',
    meaning: 'SystemTap found no data for its own module, but does not need any.',
    cause: '--all-modules also includes the modules that SystemTap itself has loaded.',
    examples: [
      {
        text: "WARNING: missing unwind/symbol data for module 'stap_0bfcdd63ad3f579440e1276ddf12a591_7553'",
        from: 'report',
      },
      {
        text: "WARNING: missing unwind/symbol data for module 'uprobes'",
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
    meaning: "A module's unwind table is larger than SystemTap accepts, so stacks end in that module.",
    cause: ({ module, table, size, limit }) =>
      `The ${table} of ${module} is ${mebibytes(size!)} MiB long, but SystemTap accepts at most ${mebibytes(limit!)} MiB.`,
    fixes: () => [
      advise(
        'Leave out -d for this module and accept that stacks end in it, or sample this target with perf.',
      ),
    ],
    examples: [
      {
        text: 'WARNING: skipping module chrome, section .text eh_frame table (too big: 41943040 > 33554432)',
        from: 'source',
      },
      {
        text: 'WARNING: skipping module chrome debug_frame table (too big: 41943040 > 33554432)',
        from: 'source',
      },
    ],
  },
  {
    code: 'bad-frame-header',
    patterns: [/^WARNING: no or bad (?:debug )?frame hdr/],
    severity: 'note',
    meaning:
      'A module has no index for its unwind data, so unwinding through the module is slow or stops there.',
    cause:
      'The module was built without .eh_frame_hdr, or the index is damaged. Other messages may name the module.',
    examples: [{ text: 'WARNING: no or bad debug frame hdr', from: 'report' }],
  },
  {
    code: 'linear-unwind-search',
    patterns: [
      /^WARNING: No binary search table for (?<table>eh|debug) frame, doing slow linear search for (?<module>.+)$/,
    ],
    gathers: 'module',
    severity: ({ module }) =>
      each(module).every((name) => new RegExp(`^${OWN}$`).test(name)) ? 'note' : 'costs',
    meaning: "For each frame, a module's unwind data is searched from the beginning, while the target waits.",
    cause: ({ module }) =>
      `The unwind data of ${listed(module)} has no index. For SystemTap's own module (stap_…), this is harmless.`,
    fixes: ({ module }) => {
      const files = each(module).filter((name) => !new RegExp(`^${OWN}$`).test(name));
      if (files.length === 0) return [];
      return [
        sampleAgain(['-F', '19'], {
          effect: 'Samples less often, so that the target waits less.',
        }),
        advise(
          'Install the debug information or a current build of these files. Either contains unwind data with an index.',
        ),
      ];
    },
    examples: [
      {
        text: 'WARNING: No binary search table for eh frame, doing slow linear search for stap_b086928e3189235b7322242832c1081_32715',
        from: 'report',
      },
      {
        text: 'WARNING: No binary search table for debug frame, doing slow linear search for /opt/app/libwork.so',
        from: 'source',
      },
    ],
  },
  {
    code: 'kernel-symbols-missing',
    patterns: [/^WARNING: Kernel function symbol table missing(?: \[man warning::symbols\])?/],
    severity: (_, { stacks }) => (stacks === 'user' ? 'note' : 'costs'),
    meaning: 'stap found no kernel symbol table, so kernel frames have no names.',
    cause: (_, { stacks }) =>
      stacks === 'user'
        ? 'Only user stacks were requested, which do not need the table.'
        : 'There is neither a System.map for this release nor debug information for the kernel.',
    fixes: (_, { stacks, ...machine }) =>
      stacks === 'user'
        ? []
        : [
            {
              commands: [sh`${asRoot(machine)}cp /proc/kallsyms "/boot/System.map-$(uname -r)"`],
              effect:
                "Gives stap a copy of the running kernel's symbol list. The copy is valid until the next boot.",
              undo: [sh`${asRoot(machine)}rm "/boot/System.map-$(uname -r)"`],
            },
          ],
    links: ['man warning::symbols'],
    examples: [
      {
        text: 'WARNING: Kernel function symbol table missing [man warning::symbols]',
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
        ? 'kernel.kptr_restrict is 2, which hides the addresses even from root.'
        : `User ${uid} is not root.`,
    fixes: ({ uid }, machine) =>
      uid === '0'
        ? [
            {
              commands: [
                sh`sysctl kernel.kptr_restrict`,
                sh`${asRoot(machine)}sysctl kernel.kptr_restrict=1`,
              ],
              risk: 'Root, and every program that runs as root, can then see kernel addresses.',
              undo: [sh`${asRoot(machine)}sysctl kernel.kptr_restrict=2`],
            },
          ]
        : [advise('Sample as root, for example with sudo.')],
    examples: [{ text: 'WARNING: No kallsyms found.  Your uid=1000.', from: 'source' }],
  },
  {
    code: 'read-address-failed',
    patterns: [/^WARNING: _stp_read_address failed to access memory location/],
    severity: 'note',
    meaning: 'Part of a stack was not in memory when the target was interrupted.',
    cause:
      'The page that holds this part was swapped out or was never used, so the stack ends early. A few such stacks do no harm.',
    examples: [{ text: 'WARNING: _stp_read_address failed to access memory location', from: 'run' }],
  },
  {
    code: 'linked-by-lld',
    patterns: [new RegExp(`${BUILD_ID_MISMATCH}(?=${NO_BUILD_ID})(?<actual>\\S+)`)],
    gathers: 'module',
    severity: 'costs',
    meaning:
      "SystemTap looks for this file's build-id in the wrong place, and therefore refuses to probe the file.",
    cause: ({ module, actual }) =>
      `${listed(module)} was linked by lld, Rust's default linker. Two of its segments share a page, so what SystemTap reads (${actual}) is not a build-id. Probes then fail with rc -524. Restarting the target does not help.`,
    fixes: () => [
      advise(
        'Link the file again with -Wl,-z,separate-loadable-segments, or with another linker (-fuse-ld=bfd).',
      ),
    ],
    links: ['man warning::buildid'],
    examples: [
      {
        text: 'WARNING: Build-id mismatch [man warning::buildid]: "/opt/app/spike" pid 73784 address 0x645fc430632c, expected 684327cf08d484c8a3514d7e234f7ec04503ec41 actual 00000000936300000000000040b6040000000000',
        from: 'report',
      },
    ],
  },
  {
    code: 'build-id-mismatch',
    patterns: [new RegExp(`${BUILD_ID_MISMATCH}(?!${NO_BUILD_ID})(?<actual>\\S+)`)],
    severity: 'costs',
    meaning:
      'The target runs a different build of a file than the one that stap read, so the names would be wrong.',
    cause: ({ module, pid }) =>
      `${module} was replaced after process ${pid} started, or is a different file inside the process's container.`,
    fixes: ({ pid }) => [
      advise('Restart the target, so that it runs the build that is on disk.', {
        risk: 'The target is unavailable while it restarts.',
      }),
      sampleAgain(['-d', `/proc/${pid}/exe`], {
        effect: "If the file is the target's executable, reads the build that is actually running.",
      }),
      sampleAgain(['-DSTP_NO_BUILDID_CHECK'], {
        effect: 'Skips the comparison of build-ids.',
        risk: 'Last resort: if the builds differ, every name from this file is wrong, and nothing in the trace reveals it.',
      }),
    ],
    links: ['man warning::buildid'],
    examples: [
      {
        text: 'WARNING: Build-id mismatch [man warning::buildid]: "/usr/sbin/nginx" pid 4242 address 0x55d0c0a00274, expected 0a1b2c actual 3d4e5f',
        from: 'source',
      },
    ],
  },
];

function mebibytes(bytes: string): number {
  return Math.round(Number(bytes) / 2 ** 20);
}
