import type { ResolvedOptions } from '../resolve.ts';
import { leaving, leavingMaps, OVER, resumed, stillWaiting, waitThatCounts } from './off-cpu.ts';
import { header, targetText, timeIsUp } from './target.ts';

/**
 * Returns a script that adds up waits by stack in the kernel and prints the stacks with the largest sums at the end, in
 * microseconds. A stack is unwound when a thread begins to wait, that is, once per wait and without holding a lock.
 * SystemTap can find user symbols only while the target is running, so when the time is up, the script arms a probe
 * that prints the stacks as soon as one of the target's threads runs again. The probe is not armed earlier, because it
 * locks the tables. If no thread runs again, `probe end` prints user frames as addresses.
 */
export function offCpuTopScript(options: ResolvedOptions): string {
  const { user, kernel, seconds, framed } = options;
  const limit = options.limit ?? 1024;
  const target = targetText(options.target);
  const names = [...(kernel ? ['k'] : []), ...(user ? ['u'] : [])].join(', ');
  const key = [...(kernel ? ['left_at[thread]'] : []), ...(user ? ['user_at[thread]'] : [])].join(', ');
  // threads that are still waiting are printed with their kernel stack
  const kept = { kernel: true, user };
  return `global waits, stacks, over, ended, hits, sum
global ${leavingMaps(options, kept)}

${target.functions}${header(options, `mode=aggregate PIDS unit=us limit=${limit}`, target)}function print_stacks() {
    hits = @count(waits)
    if (hits) sum = @sum(waits)
    foreach ([${names}] in stacks @sum- limit ${limit}) {
${kernel ? '        print_stack(k)\n' : ''}${user ? '        print_ustack(u)\n' : ''}        printf("\\t%d\\n", @sum(stacks[${names}]))
    }
}

${leaving(options, target, kept)}
probe ${resumed()} {
    if (!(${target.here})) next
${waitThatCounts(options)}    waits <<< waited
    stacks[${key}] <<< waited
}

probe ${resumed('over == 1')} {
    /* another CPU may have printed the stacks meanwhile */
    if (over != 1 || !(${target.here})) next
    print_stacks()
    over = 2
    exit()
}

${target.gone ? `probe timer.s(1) { if (${target.gone}) exit() }\n` : ''}${seconds === undefined ? '' : timeIsUp(seconds, OVER)}
probe end { if (over < 2) print_stacks() }
${stillWaiting(options, 'hits++; sum += waited', false)}${
    framed
      ? `
probe end { printf("# stapflame end hits=%d sum=%d\\n", hits, sum) }
probe error { printf("# stapflame error hits=%d\\n", @count(waits)) }
`
      : ''
  }`;
}
