import { OFF_CPU_THREADS } from '../estimate.ts';
import type { ResolvedOptions } from '../resolve.ts';
import { leaving, resumed, stillWaiting, waitThatCounts } from './off-cpu.ts';
import { header, targetText, timeIsUp, trailer } from './target.ts';

/**
 * A script that sums up waits by stack in the kernel and prints those with the largest sums at the end, in
 * microseconds. User symbols are found in the target's own context only: when time is up a probe is armed that
 * prints where one of its threads runs again. It is not armed before, since it takes the tables for itself. Where no
 * thread runs any more, `probe end` prints user frames as addresses.
 */
export function offCpuTopScript(options: ResolvedOptions): string {
  const { user, kernel, seconds } = options;
  const limit = options.limit ?? 1024;
  const target = targetText(options.target);
  const names = [...(kernel ? ['k'] : []), ...(user ? ['u'] : [])].join(', ');
  return `global hits, stacks, over
global since%[${OFF_CPU_THREADS}], left_at%[${OFF_CPU_THREADS}], names%[${OFF_CPU_THREADS}]

${target.functions}${header(options, `mode=aggregate PIDS unit=us limit=${limit}`, target)}function print_stacks() {
    foreach ([${names}] in stacks @sum- limit ${limit}) {
${kernel ? '        print_stack(k)\n' : ''}${user ? '        print_ustack(u)\n' : ''}        printf("\\t%d\\n", @sum(stacks[${names}]))
    }
}

${leaving(target, 'keeps stacks')}
probe ${resumed()} {
    if (!(${target.here})) next
    /* before the tables: their locks are held to the last statement that uses one of them */
${kernel ? '    k = backtrace()\n' : ''}${user ? '    u = ubacktrace()\n' : ''}${waitThatCounts(options)}    hits <<< 1
    stacks[${names}] <<< waited
}

probe ${resumed('over == 1')} {
    /* another CPU may have printed since this one came here */
    if (over != 1 || !(${target.here})) next
    print_stacks()
    over = 2
    exit()
}

probe kernel.trace("sched:sched_process_exit") { delete since[tid()] }

${target.gone ? `probe timer.s(1) { if (${target.gone}) exit() }\n` : ''}${seconds === undefined ? '' : timeIsUp(seconds)}
probe end { if (over < 2) print_stacks() }
${stillWaiting(options, 'plain')}${trailer(options)}`;
}
