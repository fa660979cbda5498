import type { ResolvedOptions } from '../resolve.ts';
import { samplingPoint } from './event.ts';
import { endings, header, indented, rootLines, targetText, trailer } from './target.ts';

/**
 * A script that prints each sample as it happens: symbols are found in the target's own context, no map
 * is kept, nothing is shared between CPUs (`<<<` on a scalar is per CPU), and what was printed survives
 * whatever comes. Each record is framed, since a long one leaves the kernel in pieces.
 */
export function streamScript(options: ResolvedOptions): string {
  const { user, kernel, framed, frequency } = options;
  const target = targetText(options.target);
  // a kernel stack exists only where the sample hit the kernel: else it would be the probe's own interrupt
  const here = user ? target.here : `!user_mode() && (${target.here})`;
  const lines = [
    ...(framed
      ? ['hits <<< 1', 'now = local_clock_ns()', 'on = cpu()', 'printf("#< %d %d\\n", on, now)']
      : []),
    ...(kernel ? [user ? 'if (!user_mode()) print_backtrace()' : 'print_backtrace()'] : []),
    ...(user ? ['print_ubacktrace()'] : []),
    ...rootLines(options),
    framed ? 'printf("#> %d %d\\n\\t1\\n", on, now)' : 'printf("\\t1\\n")',
  ];
  return `${framed ? 'global hits\n\n' : ''}${target.functions}${header(options, `mode=stream hz=${frequency} PIDS unit=samples`, target)}probe ${samplingPoint(options, frequency)} {
    if (${here}) {
${indented(2, lines)}    }
}

${endings(options, target)}${trailer(options)}`;
}
