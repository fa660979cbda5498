import type { ResolvedScriptOptions } from './options.ts';

/**
 * A script that prints each sample as it happens: symbols are found in the target's own context, no map
 * is kept, nothing is shared between CPUs (`<<<` on a scalar is per CPU), and what was printed survives
 * whatever comes. Each record is framed, since a long one leaves the kernel in pieces.
 */
export function streamingScript({
  pid,
  seconds,
  user,
  kernel,
  frequency,
  maxBacktrace,
}: ResolvedScriptOptions): string {
  // a kernel stack exists only where the sample hit the kernel: else it would be the probe's own interrupt
  const print = [
    ...(kernel ? ['        if (!user_mode()) print_backtrace()'] : []),
    ...(user ? ['        print_ubacktrace()'] : []),
  ];
  const gate = kernel && !user ? `pid() == ${pid} && !user_mode()` : `pid() == ${pid}`;
  return `global hits

probe begin {
    printf("# stapflame 1 mode=stream hz=${frequency} pids=${pid} unit=samples maxbacktrace=${maxBacktrace}\\n")
}

probe perf.sw.cpu_clock.hz(${frequency}) {
    if (${gate}) {
        time = local_clock_ns()
        on = cpu()
        hits <<< 1
        printf("#< %d %d\\n", on, time)
${print.join('\n')}
        printf("%s/%d\\n", text_str(execname()), tid())
        printf("#> %d %d\\n\\t1\\n", on, time)
    }
}

/* proof of life for the reader; the end, when the target has ended */
probe timer.s(1) {
    printf("#. %d\\n", local_clock_ns())
    if (!pid2task(${pid})) exit()
}

probe timer.s(${seconds}) { exit() }

probe end { printf("# stapflame end hits=%d\\n", @count(hits)) }
/* "end" does not run after an error */
probe error { printf("# stapflame error hits=%d\\n", @count(hits)) }
`;
}
