import type { ResolvedOptions } from '../resolve.ts';
import { samplingPoint } from './event.ts';
import { endings, header, indented, rootLines, targetText, trailer } from './target.ts';

/**
 * Returns a script that prints each sample immediately, because SystemTap can find symbols only while the target is
 * running. The script needs no maps, shares nothing between CPUs (`<<<` on a scalar is per CPU), and loses no printed
 * samples if it fails later. Each record is framed, because a long record leaves the kernel in several chunks.
 */
export function streamScript(options: ResolvedOptions): string {
  const { user, kernel, framed, frequency } = options;
  const target = targetText(options.target);
  // print a kernel stack only if the sample hit the kernel; otherwise, it would be the stack of the probe's interrupt
  const here = user ? target.here : `!user_mode() && (${target.here})`;
  const lines = options.addresses
    ? addressLines(options)
    : [
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

/**
 * Returns the statements that print a sample as addresses, one per line. The stacks are taken before anything is
 * printed, because taking them flushes what was printed. The statements call only functions that need no symbols, so
 * that SystemTap adds no symbols to its module. Printing token by token takes fewer instructions than `str_replace`,
 * which measures its whole result for every line.
 */
function addressLines(options: ResolvedOptions): readonly string[] {
  const { user, kernel } = options;
  const backtraces = [
    ...(kernel ? [user ? 'k = user_mode() ? "" : backtrace()' : 'k = backtrace()'] : []),
    ...(user ? ['u = ubacktrace()'] : []),
  ];
  const stacks = [...(kernel ? ['k'] : []), ...(user ? ['u'] : [])];
  return [
    ...backtraces,
    'hits <<< 1',
    'now = local_clock_ns()',
    'on = cpu()',
    'printf("#< %d %d\\n", on, now)',
    ...stacks.map(
      (stack) => `for (f = tokenize(${stack}, " "); f != ""; f = tokenize("", " ")) printf("%s\\n", f)`,
    ),
    ...rootLines(options),
    'printf("#> %d %d\\n\\t1\\n", on, now)',
  ];
}
