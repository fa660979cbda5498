import type { ResolvedScriptOptions } from './options.ts';

/** How long the target may take to run once more before its user stacks are printed without symbols. */
const GRACE_SECONDS = 2;

/**
 * A script that counts stacks in the kernel and prints those with most samples at the end. User symbols
 * are found in the target's own context only, so the next sample after the time is up prints; where none
 * comes, `probe end` prints what there is.
 */
export function aggregatedScript(options: ResolvedScriptOptions & { readonly limit: number }): string {
  const { pid, seconds, user, kernel, limit, frequency, maxBacktrace } = options;
  const keys = [...(kernel ? ['user_mode() ? "" : backtrace()'] : []), ...(user ? ['ubacktrace()'] : [])];
  const names = [...(kernel ? ['k'] : []), ...(user ? ['u'] : [])];
  const print = [
    ...(kernel ? ['        if (k != "") print_stack(k)'] : []),
    ...(user ? ['        print_ustack(u)'] : []),
  ];
  const gate = kernel && !user ? `pid() == ${pid} && !user_mode()` : `pid() == ${pid}`;
  const list = names.join(', ');
  return `global stacks, hits, over, printed

probe begin {
    printf("# stapflame 1 mode=aggregate hz=${frequency} pids=${pid} unit=samples maxbacktrace=${maxBacktrace} limit=${limit}\\n")
}

function print_stacks() {
    printed = 1
    foreach ([${list}] in stacks- limit ${limit}) {
${print.join('\n')}
        printf("\\t%d\\n", @count(stacks[${list}]))
    }
}

probe perf.sw.cpu_clock.hz(${frequency}) {
    if (${gate}) {
        if (!over) {
            hits <<< 1
            stacks[${keys.join(', ')}] <<< 1
        } else if (!printed) {
            print_stacks()
            exit()
        }
    }
}

probe timer.s(1) { if (!pid2task(${pid})) exit() }
probe timer.s(${seconds}) { over = 1 }
probe timer.s(${seconds + GRACE_SECONDS}) { exit() }

probe end {
    if (!printed) print_stacks()
    printf("# stapflame end hits=%d\\n", @count(hits))
}
/* "end" does not run after an error */
probe error { printf("# stapflame error hits=%d\\n", @count(hits)) }
`;
}
