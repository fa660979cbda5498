import { advise } from '../finding.ts';
import { asRoot } from '../machine.ts';
import { installPackages } from '../packages.ts';
import { sh } from '../shell.ts';
import { each, type Entry } from './entry.ts';
import { fitOf, matchKernel } from '../fixes.ts';
import { sampleAgain } from './sampling-flags.ts';

/** Matches what a compiler may print before the file name, if another file includes the faulty file. */
const INCLUDED = String.raw`^(?:In file included from )?`;
/**
 * Matches what follows the file name in an error message: line, column and the word "error". gcc 4 prints no column.
 */
const AT = String.raw`:\d+:(?:\d+:)? (?:fatal )?error: `;
/** Excludes errors that have their own entries, no matter which file the errors occur in. */
const OF_THEIR_OWN =
  '(?!the frame size of |"[A-Z_]+" redefined |#error "?(?:Process probes not|[Nn]eed CONFIG_U))';
/** The path of the C file that stap generates from a script. */
const GENERATED = String.raw`(?:\/\S*\/)?stap_\w+_src\.c`;

/** Messages that say why a script's C code cannot be compiled for the running kernel (pass 4). */
export const COMPILE: readonly Entry[] = [
  {
    code: 'kernel-headers-missing',
    patterns: [
      /^Checking "?\s*(?<file>\/lib\/modules\/(?<kernel>[^/\s]+)\/build\/[^\s"]+)\s*"? failed with error: /,
      /^Checking "?\s*(?=\/[^\s"]*?\/build\/)(?<file>[^\s"]+)\s*"? failed with error: /,
      /^(?:ERROR: )?Ensure kernel development headers & makefiles are installed/,
      /^Incorrect version or missing kernel-devel package, use: [\w-]+ install (?<packages>.+)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "stap compiles a module for the running kernel, but that kernel's headers are missing.",
    cause: ({ file }) =>
      file === undefined
        ? 'The headers are not installed, or the installed headers are for another kernel version.'
        : `${file} does not exist: the headers are not installed, or the kernel was upgraded without a reboot.`,
    fixes: ({ packages, kernel }, machine) => [
      ...(packages === undefined
        ? []
        : [
            {
              commands: installPackages(machine, packages.split(/\s+/)),
              effect: `Installs ${packages}, as stap suggests.`,
            },
          ]),
      matchKernel(kernel === undefined ? machine : { ...machine, kernel }),
      {
        commands: [sh`${asRoot(machine)}stap-prep`],
        effect: "Runs SystemTap's own tool, which installs what the running kernel needs.",
      },
    ],
    links: ['man stap-prep'],
    examples: [
      {
        text: 'Checking "/lib/modules/6.9.9/build/.config" failed with error: No such file or directory',
        from: 'run',
      },
      {
        text: 'Checking " /lib/modules/2.6.32-642.el6.x86_64/build/.config " failed with error: No such file or directory',
        from: 'report',
      },
      {
        text: 'Checking "/lib/modules/5.15.153.1-microsoft-standard-WSL2/build/.config" failed with error: No such file or directory',
        from: 'report',
      },
      {
        text: 'Checking "/opt/linux/build/.config" failed with error: No such file or directory',
        from: 'source',
      },
      { text: 'Ensure kernel development headers & makefiles are installed.', from: 'source' },
      {
        text: 'Incorrect version or missing kernel-devel package, use: yum install kernel-devel-2.6.32-642.el6.x86_64',
        from: 'report',
      },
    ],
  },
  {
    code: 'kernel-not-tested',
    patterns: [
      /^Kernel version (?<kernel>\S+) is (?!within )[\w ]*tested range (?<from>\S+) \.\.\. (?<to>\S+)$/,
    ],
    severity: 'costs',
    meaning: 'This version of SystemTap was not tested with this kernel.',
    cause: ({ kernel, from, to }) =>
      `It was tested with kernels ${from} to ${to}, but this kernel is ${kernel}.`,
    fixes: (_, machine) => [
      {
        commands: installPackages(machine, ['systemtap']),
        effect: "If sampling fails, install the distribution's newest SystemTap.",
      },
    ],
    links: ['man error::pass4'],
    examples: [{ text: 'Kernel version 7.9.0 is outside tested range 3.10 ... 7.3.0-rc3', from: 'source' }],
  },
  {
    code: 'stap-older-than-kernel',
    patterns: [
      new RegExp(`${INCLUDED}/\\S*/(?<error>runtime/(?:(?!runtime/)[^\\s:])+\\.[ch]${AT}${OF_THEIR_OWN}.+)`),
    ],
    gathers: 'error',
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "SystemTap's own code does not compile for this kernel.",
    cause: ({ error }) =>
      `This SystemTap is older than the kernel, and kernel functions have changed since. The first error is: ${each(error)[0]!}.`,
    fixes: ({ error }, machine) => [
      ...fitOf(error!),
      {
        commands: [sh`stap -V 2>&1 | head -n 4`, sh`uname -r`],
        effect:
          'Shows the versions of SystemTap and the kernel, and the kernel versions that this SystemTap was tested with.',
      },
      {
        commands: installPackages(machine, ['systemtap']),
        effect:
          "Install the distribution's newest SystemTap. If that is too old, build the newest release from source.",
      },
      advise("Or boot one of the distribution's older kernels."),
    ],
    links: ['https://sourceware.org/systemtap/', 'man error::pass4'],
    examples: [
      {
        text: '/usr/share/systemtap/runtime/stp_task_work.c:37:65: error: passing argument 2 of ‘(bool (*)(struct task_struct *, struct callback_head *))kallsyms_task_work_cancel’ from incompatible pointer type [-Werror=incompatible-pointer-types]',
        from: 'run',
      },
      {
        text: '/usr/share/systemtap/runtime/linux/access_process_vm.h:35: error: too many arguments to function call',
        from: 'report',
      },
    ],
  },
  {
    code: 'frame-too-large',
    patterns: [/(?:error|warning): the frame size of (?<size>\d+) bytes is larger than (?<limit>\d+) bytes/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning:
      'A function in the module needs more stack space than this kernel allows. An old SystemTap is not the cause.',
    cause: ({ size, limit }) =>
      `The function needs ${size} bytes, but the kernel was built with CONFIG_FRAME_WARN=${limit}. The script's strings are too long (MAXSTRINGLEN).`,
    fixes: ({ limit }) => [
      sampleAgain([`-DMAXSTRINGLEN=${Math.max(128, Number(limit) - 48)}`], {
        effect: 'Limits the strings to a length that fits.',
      }),
    ],
    links: ['man stap'],
    examples: [
      {
        text: '/usr/share/systemtap/runtime/linux/runtime.h:401:1: error: the frame size of 2064 bytes is larger than 2048 bytes [-Werror=frame-larger-than=]',
        from: 'run',
      },
    ],
  },
  {
    code: 'macro-redefined',
    patterns: [
      new RegExp(`${INCLUDED}(?!${GENERATED}:)(?<file>/[^\\s:]+)${AT}"(?<macro>[A-Z_]+)" redefined `),
    ],
    gathers: 'macro',
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "SystemTap and this kernel's headers define the same macro, which the compiler rejects.",
    cause: ({ macro, file }) =>
      `${file} redefines ${each(macro).join(', ')}. The definitions do not conflict, but the compiler treats its warning as an error.`,
    fixes: () => [
      sampleAgain(['-B', 'KCFLAGS=-w'], { effect: 'Turns off compiler warnings, including this one.' }),
    ],
    links: ['man error::pass4'],
    examples: [
      {
        text: '/usr/src/linux-headers-6.12.63+deb13-common/include/linux/args.h:18:9: error: "COUNT_ARGS" redefined [-Werror]',
        from: 'run',
      },
    ],
  },
  {
    code: 'embedded-c-error',
    patterns: [new RegExp(`${INCLUDED}(?<error>${GENERATED}${AT}(?!the frame size of ).+)`)],
    gathers: 'error',
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'C code embedded in the script does not compile for this kernel.',
    cause: ({ error }) =>
      `The first error is: ${each(error)[0]!}. It is in the script's own C code (%{ … %}), not in the headers.`,
    fixes: () => [
      advise('Correct that code, or use a version of the script that was written for this kernel.'),
      sampleAgain(['-k'], {
        effect: 'Keeps the directory with the C file, and prints the path of that directory.',
      }),
    ],
    links: ['man error::pass4'],
    examples: [
      {
        text: '/tmp/stapAbCdEf/stap_1f2e_src.c:350:9: error: "MSR_IA32_QM_CTR" redefined [-Werror]',
        from: 'report',
      },
      {
        text: "/tmp/stapAbCdEf/stap_1f2e_src.c:640:31: error: 'struct hw_perf_event' has no member named 'cqm_rmid'",
        from: 'report',
      },
    ],
  },
  {
    code: 'compilation-failed',
    patterns: [/^Pass 4: compilation failed\./],
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The module could not be compiled (pass 4).',
    cause: 'The first line above this one that contains "error:" gives the reason.',
    fixes: (_, machine) => [matchKernel(machine), sampleAgain(['-v'], { effect: 'Prints more details.' })],
    links: ['man error::pass4'],
    examples: [{ text: 'Pass 4: compilation failed.  [man error::pass4]', from: 'run' }],
  },
  {
    code: 'compilation-killed',
    patterns: [/^WARNING: kbuild exited with signal: (?<signal>\d+)/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The compilation was killed before it finished.',
    cause: ({ signal }) =>
      `make was ended by signal ${signal}${signal === '15' ? ', which is sent when a time limit expires' : signal === '9' ? ', which the kernel sends when memory runs out' : ''}. The first compilation takes a minute or more; later runs use the cached module.`,
    fixes: () => [
      advise(
        'Allow more time, or run the same stap command once with -p4 and without a time limit. The next run then finds the module in the cache.',
      ),
    ],
    examples: [
      { text: 'WARNING: kbuild exited with signal: 15 (Terminated)', from: 'report' },
      { text: 'WARNING: kbuild exited with signal: 9 (Killed)', from: 'source' },
    ],
  },
  {
    code: 'kbuild-failed',
    patterns: [/^WARNING: kbuild exited with status: (?<status>\d+)/],
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'make, which compiles the module, failed.',
    cause: ({ status }) => `make ended with status ${status}. The messages above this line come from make.`,
    fixes: (_, machine) => [
      matchKernel(machine),
      sampleAgain(['-k', '-vv'], {
        effect: 'Keeps the build directory and the log in it, and prints the path of that directory.',
      }),
    ],
    examples: [{ text: 'WARNING: kbuild exited with status: 2', from: 'run' }],
  },
];
