/** Findings on a machine, in files and in traces: the name of each, and its explanation. */
export type MachineChapter = readonly [title: string, findings: readonly (readonly [string, string])[]];

/** The commands depend on the machine: the doctor shows them there. */
export const MACHINE: readonly MachineChapter[] = [
  [
    'On the machine: SystemTap',
    [
      ['systemtap-missing', 'There is no stap, without which nothing is sampled (exit code 69).'],
      [
        'systemtap-runtime-only',
        'There is only staprun: the machine runs modules that another one compiles for it, as `stapflame record --host HOST --compile-for RELEASE` does (exit code 69).',
      ],
      ['staprun-missing', 'There is stap, but not staprun, which loads what it compiles (exit code 69).'],
      [
        'modules-abandoned',
        'A staprun was killed, and its module is still loaded and may still sample: `staprun -d -- NAME` unloads it.',
      ],
      ['compiler-missing', 'stap compiles C and needs gcc and make for it (exit code 69).'],
      [
        'systemtap-too-old-for-kernel',
        "SystemTap's own code does not compile for this kernel, as release 4.8 does not for late 6.1 kernels: a kernel function has changed since (exit code 78).",
      ],
      [
        'systemtap-untested-kernel',
        'The kernel is newer than those that this release was tested with. It may work; if it does not, the message is stap-older-than-kernel above.',
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
        'The user is neither root nor in the groups stapusr and stapdev, and sudo asks for a password. stapdev, like a sudoers entry for stap, is as good as root (exit code 77).',
      ],
      ['sudo-needed', 'The user samples through sudo, which allows stap: use `--sudo`.'],
      [
        'capability-missing',
        'Root may not load modules here, as in most containers: sample from the host, which sees the processes of its containers (exit code 77).',
      ],
      [
        'staprun-without-setuid',
        'staprun cannot become root: its setuid bit is gone, or has no effect on this file system (exit code 77).',
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
        'Yama lets gdb attach only to children, or to nothing. Sampling is not affected.',
      ],
    ],
  ],
  [
    'On the machine: the kernel',
    [
      [
        'kernel-config-unknown',
        'None of /boot/config-RELEASE, /proc/config.gz and /lib/modules/RELEASE/config can be read, so the doctor does not know the options that the kernel was built with.',
      ],
      ['kernel-without-modules', 'The kernel loads no modules, and SystemTap is one (exit code 78).'],
      [
        'kernel-without-debug-fs',
        "A kernel without CONFIG_DEBUG_FS, which SystemTap's runtime needs (exit code 78).",
      ],
      [
        'kernel-without-relay',
        'A kernel without CONFIG_RELAY, through which the trace leaves it (exit code 78).',
      ],
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
      ['target-kernel-thread', 'It is a kernel thread and has no user stacks: sample it with `-k`.'],
      [
        'target-unreadable',
        'It belongs to another user: its files cannot be seen, so their symbols are not checked.',
      ],
      ['target-traced', 'A debugger is attached, and there can be only one. Sampling is not affected.'],
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
        'Only .dynsym: functions that other files do not call have the name of the nearest one that they call.',
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
        'This share of the samples ends in this file, not at the start of a thread: the file lacks unwind data.',
      ],
      ['frames-nameless', 'This share of the samples holds a frame of this file without a name.'],
      [
        'frames-exported',
        'This share of the samples holds a name that may belong to the nearest exported function.',
      ],
      [
        'frames-vdso',
        'This share of the samples holds a frame of the vDSO: kernel code in each process, which has no symbols.',
      ],
      [
        'frames-unknown',
        'This share of the samples holds a frame whose file is unknown: code that was generated at run time, or a stack that was unwound wrongly.',
      ],
    ],
  ],
];
