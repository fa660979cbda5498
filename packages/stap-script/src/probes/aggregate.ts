import type { ResolvedOptions } from '../resolve.ts';
import { samplingPoint } from './event.ts';
import { header, targetText, timeIsUp } from './target.ts';

/** Number of times per second that a CPU checks whether it is time to print. Each check locks the tables. */
const PRINT_HZ = 10;

/**
 * Returns a script that counts stacks in the kernel and prints the stacks with the most samples at the end. SystemTap
 * can find user symbols only while the target is running, so when the time is up, a separate probe prints the stacks in
 * the target's context. If the target no longer runs, `probe end` prints the stacks. The trailer reports all hits
 * counted before printing, including those in stacks beyond the limit.
 */
export function aggregateScript(options: ResolvedOptions): string {
  const { user, kernel, frequency, seconds, framed } = options;
  const limit = options.limit ?? 1024;
  const target = targetText(options.target);
  const here = user ? target.here : `!user_mode() && (${target.here})`;
  const keys = [
    ...(kernel ? [user ? 'user_mode() ? "" : backtrace()' : 'backtrace()'] : []),
    ...(user ? ['ubacktrace()'] : []),
  ];
  const names = [...(kernel ? ['k'] : []), ...(user ? ['u'] : [])].join(', ');
  const gone = target.gone ? `    if (${target.gone}) exit()\n` : '';
  const inTarget = `probe ${samplingPoint(options, PRINT_HZ)} {
    if (${target.here}) {
        if (over == 1) {
            print_stacks()
            over = 2
            exit()
        }
    }
}

`;
  const ending =
    seconds === undefined ? '' : user ? timeIsUp(seconds) : `probe timer.s(${seconds}) { exit() }\n`;
  return `global stacks, hits${framed ? ', printed' : ''}${user ? ', over' : ''}

${target.functions}${header(options, `mode=aggregate hz=${frequency} PIDS unit=samples limit=${limit}`, target)}function print_stacks() {
${framed ? '    printed = @count(hits)\n' : ''}    foreach ([${names}] in stacks- limit ${limit}) {
${kernel ? '        if (k != "") print_stack(k)\n' : ''}${user ? '        print_ustack(u)\n' : ''}        printf("\\t%d\\n", @count(stacks[${names}]))
    }
}

probe ${samplingPoint(options, frequency)} {
    if (${here}) {
        hits <<< 1
        stacks[${keys.join(', ')}] <<< 1
    }
}

${user ? inTarget : ''}${gone ? `probe timer.s(1) {\n${gone}}\n` : ''}${ending}
probe end {
    ${user ? 'if (over < 2) ' : ''}print_stacks()
${framed ? '    printf("# stapflame end hits=%d\\n", printed)\n' : ''}}
${framed ? 'probe error { printf("# stapflame error hits=%d\\n", @count(hits)) }\n' : ''}`;
}
