/** What is seen on a machine, in files and in traces: the name of a finding, and what it is about. */
export type MachineChapter = readonly [title: string, findings: readonly (readonly [string, string])[]];

/** The commands depend on the machine: the doctor gives them there. */
export const MACHINE: readonly MachineChapter[] = [
  [
    'On the machine: SystemTap',
    [
      ['systemtap-missing', 'There is no stap, without which nothing is sampled (exit code 69).'],
      [
        'systemtap-runtime-only',
        'There is staprun alone: the machine runs modules that another one compiles for it, as `stapflame record --host HOST --compile-for RELEASE` does (exit code 69).',
      ],
      ['staprun-missing', 'There is stap, but not staprun, which loads what it compiles (exit code 69).'],
      [
        'modules-abandoned',
        'A staprun was killed, and its module is still loaded and may still sample: `staprun -d -- NAME` unloads it.',
      ],
      ['compiler-missing', 'stap compiles C and needs gcc and make for it (exit code 69).'],
      [
        'systemtap-too-old-for-kernel',
        "SystemTap's own code does not compile for this kernel, as release 4.8 does not for late 6.1 kernels: a function of the kernel has changed since (exit code 78).",
      ],
      [
        'systemtap-untested-kernel',
        'The kernel is newer than those that this release was tested with. It may work; stap-older-than-kernel above is what it says where it does not.',
      ],
      [
        'readelf-missing',
        'Symbols of files are read by readelf (binutils) or eu-readelf (elfutils), and there is neither.',
      ],
    ],
  ],
  [
    'On the machine: rights',
    [
      [
        'user-not-privileged',
        'The user is neither root nor in the groups stapusr and stapdev, and sudo asks for a password. stapdev, like a sudoers entry for stap, is as much as root (exit code 77).',
      ],
      ['sudo-needed', 'The user samples through sudo, which lets him run stap: use `--sudo`.'],
      [
        'capability-missing',
        'Root may not load modules here, as in most containers: sample from the host, which sees the processes of its containers (exit code 77).',
      ],
      [
        'staprun-without-setuid',
        'staprun cannot become root: its setuid bit is gone, or does not count on this file system (exit code 77).',
      ],
      [
        'modules-disabled',
        'kernel.modules_disabled is set: no module is loaded until the next boot (exit code 77).',
      ],
      [
        'signatures-forced',
        'The kernel loads signed modules only. A stap-server signs them with a key that is enrolled once (exit code 77).',
      ],
      [
        'ptrace-restricted',
        'Yama lets gdb attach to children alone, or to nothing. Sampling is not touched.',
      ],
    ],
  ],
  [
    'On the machine: the kernel',
    [
      [
        'kernel-config-unknown',
        'None of /boot/config-RELEASE, /proc/config.gz and /lib/modules/RELEASE/config can be read, so that nothing is said of what the kernel was built with.',
      ],
      ['kernel-without-modules', 'The kernel loads no modules, and SystemTap is one (exit code 78).'],
      [
        'kernel-without-debug-fs',
        'A kernel without CONFIG_DEBUG_FS, which the runtime of SystemTap needs (exit code 78).',
      ],
      ['kernel-without-relay', 'A kernel without CONFIG_RELAY, by which the trace leaves it (exit code 78).'],
      [
        'kernel-without-perf-events',
        'A kernel without CONFIG_PERF_EVENTS has no clock to sample by (exit code 78).',
      ],
      ['kernel-without-kprobes', 'A kernel without CONFIG_KPROBES: its functions cannot be probed.'],
      [
        'kernel-without-tracepoints',
        'A kernel without CONFIG_TRACEPOINTS: user stacks may stay without names.',
      ],
      [
        'kernel-without-uprobes',
        'A kernel from 3.5 on without CONFIG_UPROBES: user stacks may stay without names.',
      ],
      [
        'kernel-without-utrace',
        'A kernel before 3.5 without CONFIG_UTRACE: user stacks may stay without names.',
      ],
      [
        'kernel-symbols-hidden',
        'There is no System.map of this kernel, and /proc/kallsyms shows this user no addresses: kernel frames have no names.',
      ],
    ],
  ],
  [
    'On the machine: the process',
    [
      ['target-gone', 'There is no such process, or it is a zombie (exit code 78).'],
      ['target-kernel-thread', 'It is a thread of the kernel and has no user stacks: sample it with `-k`.'],
      [
        'target-unreadable',
        'It belongs to another user: its files are not seen, and nothing is said of their symbols.',
      ],
      ['target-traced', 'A debugger is attached; another one cannot be. Sampling is not touched.'],
      [
        'target-in-container',
        'It has another root directory, and older releases of SystemTap look for its files on the host.',
      ],
    ],
  ],
  [
    'In files: symbols and unwind data',
    [
      ['symbols-missing', 'Neither .symtab nor .dynsym, nor separate symbols: frames have no names.'],
      [
        'symbols-exported-only',
        'Only .dynsym: functions that other files do not call bear the name of the nearest one that they do.',
      ],
      ['unwind-data-missing', 'Neither .eh_frame nor .debug_frame: stacks end in this file.'],
      [
        'module-replaced',
        'The process runs a file that an upgrade has replaced: restart it, and sample again.',
      ],
      [
        'module-unreadable',
        'The file cannot be read by this user, is no ELF file, or is on another machine.',
      ],
    ],
  ],
  [
    'In a trace: what files without symbols cost',
    [
      [
        'stacks-stop',
        'So many samples end at this file, and not at the start of a thread: it lacks unwind data.',
      ],
      ['frames-nameless', 'So many samples hold a frame of this file that has no name.'],
      ['frames-exported', 'So many samples hold a name that may be that of the nearest exported function.'],
      [
        'frames-vdso',
        'So many samples hold a frame of the vDSO: code of the kernel in each process, which has no symbols.',
      ],
      [
        'frames-unknown',
        'So many samples hold a frame whose file is unknown: code that was generated at run time, or a stack that was unwound wrongly.',
      ],
    ],
  ],
];
