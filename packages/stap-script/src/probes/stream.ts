import type { ResolvedOptions } from '../resolve.ts';
import { samplingPoint } from './event.ts';
import { endings, header, indented, nameMark, rootLines, targetText, trailer } from './target.ts';

/**
 * A script that prints each sample as it happens. Symbols are found in the target's own context, no map is kept, nothing
 * is shared between CPUs (`<<<` on a scalar is per CPU), and what was printed survives whatever happens next. Each record
 * is framed, because a long one leaves the kernel in pieces.
 */
export function streamScript(options: ResolvedOptions): string {
  const { user, kernel, framed, frequency } = options;
  const target = targetText(options.target);
  // only a sample that hit the kernel has a kernel stack: otherwise, the stack would be the probe's own interrupt
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
 * The statements that print a sample as addresses, one per line, in one print: such a short record leaves the kernel in
 * one piece. Only functions without symbols are called, so that SystemTap builds none into its module.
 */
function addressLines({ user, kernel, root }: ResolvedOptions): readonly string[] {
  const backtraces = [
    ...(kernel ? [user ? 'k = user_mode() ? "" : backtrace()' : 'k = backtrace()'] : []),
    ...(user ? ['u = ubacktrace()'] : []),
  ];
  const stacks = [...(kernel ? ['k'] : []), ...(user ? ['u'] : [])];
  const mark = nameMark({ framed: true });
  const [rootText, rootArguments] = {
    comm: [`${mark}%s\\n`, ', text_str(execname())'],
    thread: [`${mark}%s/%d\\n`, ', text_str(execname()), tid()'],
    none: ['', ''],
  }[root] as [string, string];
  const frames = stacks.map((stack) => `, str_replace(${stack}, " ", "\\n")`).join('');
  return [
    ...backtraces,
    'hits <<< 1',
    'now = local_clock_ns()',
    'on = cpu()',
    `printf("#< %d %d\\n${'%s'.repeat(stacks.length)}${rootText}#> %d %d\\n\\t1\\n", on, now${frames}${rootArguments}, on, now)`,
  ];
}
