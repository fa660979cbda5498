/** Findings about a machine, files or traces: each finding's name and explanation. */
export type MachineChapter = readonly [title: string, findings: readonly (readonly [string, string])[]];

/** Findings without commands, because the commands depend on the machine. The doctor shows them when it runs there. */
export const MACHINE: readonly MachineChapter[] = [
  [
    'On the machine: SystemTap',
    [
      ['systemtap-missing', 'stap is not installed, and nothing can be sampled without it (exit code 69).'],
      [
        'systemtap-runtime-only',
        'staprun is installed, but stap is not. The machine can run modules that another machine compiles for it, as `stapflame record --host HOST --compile-for RELEASE` does (exit code 69).',
      ],
      [
        'staprun-missing',
        'stap is installed, but staprun, which loads the compiled module, is not (exit code 69).',
      ],
      [
        'modules-abandoned',
        'A staprun was killed. Its module is still loaded and may still be sampling; `staprun -d -- NAME` unloads it.',
      ],
      ['compiler-missing', 'stap compiles C code, for which it needs gcc and make (exit code 69).'],
      [
        'systemtap-too-old-for-kernel',
        "SystemTap's own code does not compile for this kernel, because a kernel function has changed since. Release 4.8 does not compile for late 6.1 kernels, for example (exit code 78).",
      ],
      [
        'systemtap-untested-kernel',
        'The kernel is newer than the kernels with which this release of SystemTap was tested. It may work. If it does not, see stap-older-than-kernel above.',
      ],
      [
        'readelf-missing',
        'The doctor reads the symbols in files with readelf (binutils) or eu-readelf (elfutils), but neither is installed.',
      ],
    ],
  ],
  [
    'On the machine: rights',
    [
      [
        'user-not-privileged',
        'The user is neither root nor in both of the groups stapusr and stapdev, and sudo asks for a password. Membership in stapdev, like a sudoers entry for stap, amounts to root access (exit code 77).',
      ],
      [
        'sudo-needed',
        'The user is not in both of the groups stapusr and stapdev, but sudo runs stap without a password. Use `--sudo`.',
      ],
      [
        'capability-missing',
        'Even root may not load modules here, as in most containers. Sample from the host, which sees the processes in its containers (exit code 77).',
      ],
      [
        'staprun-without-setuid',
        'staprun cannot become root, because its setuid bit is missing or has no effect here (exit code 77).',
      ],
      [
        'modules-disabled',
        'kernel.modules_disabled is set, so no module can be loaded until the next boot (exit code 77).',
      ],
      [
        'signatures-forced',
        'The kernel loads only signed modules. A stap-server can sign modules with a key that is enrolled once (exit code 77).',
      ],
      [
        'ptrace-restricted',
        'Yama lets gdb attach only to its own child processes, or to no process at all. Sampling is not affected.',
      ],
    ],
  ],
  [
    'On the machine: the kernel',
    [
      [
        'kernel-config-unknown',
        'None of /boot/config-RELEASE, /proc/config.gz and /lib/modules/RELEASE/config can be read, so the doctor does not know with which options the kernel was built.',
      ],
      [
        'kernel-without-modules',
        'The kernel cannot load modules, but SystemTap needs to load one (exit code 78).',
      ],
      [
        'kernel-without-debug-fs',
        "The kernel was built without CONFIG_DEBUG_FS, which SystemTap's runtime needs (exit code 78).",
      ],
      [
        'kernel-without-relay',
        'The kernel was built without CONFIG_RELAY, which SystemTap needs to pass on the trace (exit code 78).',
      ],
      [
        'kernel-without-perf-events',
        'The kernel was built without CONFIG_PERF_EVENTS, so nothing can trigger the samples (exit code 78).',
      ],
      [
        'kernel-without-kprobes',
        'The kernel was built without CONFIG_KPROBES, so kernel functions cannot be probed.',
      ],
      [
        'kernel-without-tracepoints',
        'The kernel was built without CONFIG_TRACEPOINTS, so user stacks may have no names.',
      ],
      [
        'kernel-without-uprobes',
        'The kernel is Linux 3.5 or later and was built without CONFIG_UPROBES, so user stacks may have no names.',
      ],
      [
        'kernel-without-utrace',
        'The kernel is older than Linux 3.5 and was built without CONFIG_UTRACE, so user stacks may have no names.',
      ],
      [
        'kernel-symbols-hidden',
        'There is no System.map for this kernel, and /proc/kallsyms shows this user no addresses, so kernel frames have no names.',
      ],
    ],
  ],
  [
    'On the machine: the process',
    [
      ['target-gone', 'The process does not exist, or it is a zombie (exit code 78).'],
      [
        'target-kernel-thread',
        'The process is a kernel thread, which has no user stacks. Sample it with `-k`.',
      ],
      [
        'target-unreadable',
        'The process belongs to another user, so the doctor cannot see which files it maps and does not check their symbols.',
      ],
      ['target-traced', 'A debugger is already attached, so gdb cannot attach. Sampling is not affected.'],
      [
        'target-in-container',
        'The process has a different root directory, and older releases of SystemTap look for its files on the host.',
      ],
    ],
  ],
  [
    'In files: symbols and unwind data',
    [
      [
        'symbols-missing',
        'The file has neither .symtab nor .dynsym, and there are no separate symbols, so frames have no names.',
      ],
      [
        'symbols-exported-only',
        'The file has only .dynsym, so functions that are not exported get the name of the nearest exported function.',
      ],
      ['unwind-data-missing', 'The file has neither .eh_frame nor .debug_frame, so stacks end in it.'],
      [
        'module-replaced',
        'The process runs a file that an upgrade has replaced. Restart the process, then sample it.',
      ],
      [
        'module-unreadable',
        'This user cannot read the file, the file is not an ELF file, or it is on another machine. Run the doctor as root on the machine that was sampled.',
      ],
    ],
  ],
  [
    'In a trace: what files without symbols cost',
    [
      [
        'stacks-stop',
        'In this share of the samples, the stack ends in this file and not at the start of a thread, because the file lacks unwind data.',
      ],
      ['frames-nameless', 'In this share of the samples, a frame in this file has no name.'],
      [
        'frames-exported',
        'In this share of the samples, a frame may have the name of the nearest exported function in place of its own.',
      ],
      [
        'frames-vdso',
        'In this share of the samples, a frame is in the vDSO, which is kernel code that is mapped into each process and has no symbols.',
      ],
      [
        'frames-unknown',
        'In this share of the samples, the file of a frame is unknown, because the code was generated at run time or the stack was unwound incorrectly.',
      ],
    ],
  ],
];
