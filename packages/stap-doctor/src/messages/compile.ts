import { advise } from '../finding.ts';
import { asRoot } from '../machine.ts';
import { installPackages } from '../packages.ts';
import { sh } from '../shell.ts';
import { each, type Entry } from './entry.ts';
import { fitOf, matchKernel } from '../fixes.ts';
import { sampleAgain } from './sampling-flags.ts';

/** Compilers may first show the file that includes the faulty one. */
const INCLUDED = String.raw`^(?:In file included from )?`;
/** Line and column; gcc 4 has no column. */
const AT = String.raw`:\d+:(?:\d+:)? (?:fatal )?error: `;
/** Errors that have a separate entry, wherever they occur. */
const OF_THEIR_OWN =
  '(?!the frame size of |"[A-Z_]+" redefined |#error "?(?:Process probes not|[Nn]eed CONFIG_U))';
/** The C file that stap generates from a script. */
const GENERATED = String.raw`(?:\/\S*\/)?stap_\w+_src\.c`;

/** Why the C code of a script cannot be compiled for the running kernel (pass 4). */
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
    meaning: 'stap compiles a module for the running kernel, and the headers of that kernel are missing.',
    cause: ({ file }) =>
      file === undefined
        ? 'They are not installed, or the installed ones are for another version.'
        : `There is no ${file}: the headers are not installed, or the kernel was upgraded without a reboot.`,
    fixes: ({ packages, kernel }, machine) => [
      ...(packages === undefined
        ? []
        : [
            {
              commands: installPackages(machine, packages.split(/\s+/)),
              effect: `Install ${packages}, as stap suggests.`,
            },
          ]),
      matchKernel(kernel === undefined ? machine : { ...machine, kernel }),
      { commands: [sh`${asRoot(machine)}stap-prep`], effect: "Runs SystemTap's own installer." },
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
    meaning: 'This SystemTap was not tested with this kernel.',
    cause: ({ kernel, from, to }) =>
      `It says so itself: it was tested with kernels ${from} to ${to}, and this one is ${kernel}.`,
    fixes: (_, machine) => [
      {
        commands: installPackages(machine, ['systemtap']),
        effect: 'If sampling fails, install the newest SystemTap of the distribution.',
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
      `This SystemTap is older than the kernel, whose functions have changed since: ${each(error)[0]!}.`,
    fixes: ({ error }, machine) => [
      ...fitOf(error),
      {
        commands: [sh`stap -V 2>&1 | head -n 4`, sh`uname -r`],
        effect: 'Shows both versions, and the kernels that this SystemTap was tested with.',
      },
      {
        commands: installPackages(machine, ['systemtap']),
        effect:
          'Install the newest SystemTap of the distribution. If that is too old, build the newest release from source.',
      },
      advise('Or boot an older kernel of the distribution.'),
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
      'A function in the module needs more stack than this kernel allows. SystemTap itself is not too old.',
    cause: ({ size, limit }) =>
      `It needs ${size} bytes, and the kernel was built with CONFIG_FRAME_WARN=${limit}: the script's strings are too long (MAXSTRINGLEN).`,
    fixes: ({ limit }) => [
      sampleAgain([`-DMAXSTRINGLEN=${Math.max(128, Number(limit) - 48)}`], {
        effect: 'Makes the strings short enough.',
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
    meaning: 'SystemTap and the headers of this kernel define the same macro, which the compiler refuses.',
    cause: ({ macro, file }) =>
      `It is ${each(macro).join(', ')}, in ${file}. The definitions do not conflict: only the warning, which is treated as an error, stops the compiler.`,
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
    meaning: 'The C code that the script embeds does not compile for this kernel.',
    cause: ({ error }) =>
      `The first error: ${each(error)[0]!}. The line is in the script's own code (%{ … %}), not in the headers.`,
    fixes: () => [
      advise('Correct that code, or use a version of the script that was written for this kernel.'),
      sampleAgain(['-k'], { effect: 'Keeps the directory with the C file, and says where it is.' }),
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
    cause: 'The first line with "error:" above this one gives the reason.',
    fixes: (_, machine) => [matchKernel(machine), sampleAgain(['-v'], { effect: 'Shows more.' })],
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
      `make ended by signal ${signal}${signal === '15' ? ', which a time limit sends' : signal === '9' ? ', which the kernel sends when memory runs out' : ''}. A first compilation takes a minute or more; later ones come from the cache.`,
    fixes: () => [
      advise(
        'Allow more time, or run the same stap command once with -p4 and without a limit: the next run then finds the module in the cache.',
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
    meaning: 'make, which compiles the module, ended with an error.',
    cause: ({ status }) => `It ended with status ${status}. Its own messages are above this line.`,
    fixes: (_, machine) => [
      matchKernel(machine),
      sampleAgain(['-k', '-vv'], { effect: 'Keeps the directory with its log, and says where it is.' }),
    ],
    examples: [{ text: 'WARNING: kbuild exited with status: 2', from: 'run' }],
  },
];
