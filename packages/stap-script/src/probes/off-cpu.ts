import { OFF_CPU_THREADS } from '../estimate.ts';
import type { ResolvedOptions } from '../resolve.ts';
import {
  endings,
  header,
  indented,
  nameMark,
  rootLines,
  targetText,
  trailer,
  type TargetText,
} from './target.ts';

/**
 * Where a thread is on a CPU again, in its own context. Compilers rename the function. It needs the names of
 * the kernel's functions but no debuginfo; `kprobe.function` needs neither and was never hit with 4.8 on 6.1.
 */
const RESUMED = ['finish_task_switch.isra.0', 'finish_task_switch'];

/** The probe point, armed only while a condition holds where one is given. */
export function resumed(condition?: string): string {
  const armed = condition === undefined ? '' : ` if (${condition})`;
  return RESUMED.map((name, i) => `kernel.function("${name}").call${i === 0 ? ' !' : ''}${armed}`).join(', ');
}

/** The probe that notes when a thread begins to wait; with its kernel stack, where it may be printed at the end. */
export function leaving({ here }: TargetText, stacks: 'keeps stacks' | 'keeps none'): string {
  const keeps = stacks === 'keeps stacks';
  return `/* prev_state 0: still runnable, so preempted and not waiting */
probe kernel.trace("sched:sched_switch") {
    if ($prev_state && !$preempt && (${here})) {
${keeps ? '        stack = backtrace()\n' : ''}        thread = tid()
${keeps ? '        left_at[thread] = stack\n        names[thread] = text_str(execname())\n' : ''}        since[thread] = ktime_get_ns()
    }
}
`;
}

/** Statements where a thread of the target runs again: they go on with `waited` microseconds that count. */
export function waitThatCounts({ minWait, maxWait }: ResolvedOptions): string {
  const unfit = [`waited < ${minWait}`, ...(maxWait === undefined ? [] : [`waited > ${maxWait}`])].join(
    ' || ',
  );
  return `    thread = tid()
    now = ktime_get_ns()
    left = since[thread]
    delete since[thread]
    waited = left ? (now - left) / 1000 : 0
    if (!left || ${unfit}) next
`;
}

/**
 * A script that prints each wait as it ends, in microseconds, with the stack of the thread that waited.
 *
 * A thread that leaves its CPU runnable was preempted and does not wait. The stack is printed where the
 * thread runs again: there its symbols are found, and no lock is held, since SystemTap gives up the lock of
 * `since` after the last statement that uses it. Threads that still wait at the end have no such moment:
 * their kernel stack, kept when they left, is printed then under a frame `[still waiting]`.
 */
export function offCpuScript(options: ResolvedOptions): string {
  const target = targetText(options.target);
  const { user, kernel, framed, distribution } = options;
  const record = [
    ...(framed ? ['on = cpu()', 'printf("#< %d %d\\n", on, now)'] : []),
    ...(kernel ? ['print_backtrace()'] : []),
    ...(user ? ['print_ubacktrace()'] : []),
    ...rootLines(options),
    framed ? 'printf("#> %d %d\\n\\t%d\\n", on, now, waited)' : 'printf("\\t%d\\n", waited)',
  ];
  const keepStack = !distribution;
  return `global hits${distribution ? ', waits' : ''}
global since%[${OFF_CPU_THREADS}]${keepStack ? `, left_at%[${OFF_CPU_THREADS}], names%[${OFF_CPU_THREADS}]` : ''}

${target.functions}${distribution ? '' : header(options, 'mode=stream PIDS unit=us', target)}${leaving(target, keepStack ? 'keeps stacks' : 'keeps none')}
probe ${resumed()} {
    if (!(${target.here})) next
${waitThatCounts(options)}    hits <<< 1
${distribution ? '    waits <<< waited\n' : indented(1, record)}}

probe kernel.trace("sched:sched_process_exit") { delete since[tid()] }

${endings(options, target)}
${distribution ? distributionEnd() : stillWaiting(options, framed ? 'framed' : 'plain')}${distribution ? '' : trailer(options)}`;
}

/** Runs before the trailer: probes of one kind run in the order of the script. */
export function stillWaiting(options: ResolvedOptions, records: 'framed' | 'plain'): string {
  const { minWait } = options;
  const framed = records === 'framed';
  const record = [
    ...(framed ? ['hits <<< 1', 'printf("#< 0 %d\\n", now)'] : []),
    'print_stack(left_at[thread])',
    `printf("[still waiting]\\n${nameMark(options)}%s/%d\\n", names[thread], thread)`,
    framed ? 'printf("#> 0 %d\\n\\t%d\\n", now, waited)' : 'printf("\\t%d\\n", waited)',
  ];
  return `probe end {
    now = ktime_get_ns()
    foreach (thread in since) {
        waited = (now - since[thread]) / 1000
        if (waited < ${minWait}) continue
        now++
${indented(2, record)}    }
}
`;
}

function distributionEnd(): string {
  return `probe end {
    printf("%d waits, microseconds: min %d, avg %d, max %d, sum %d\\n", @count(hits),
        @count(hits) ? @min(waits) : 0, @count(hits) ? @avg(waits) : 0,
        @count(hits) ? @max(waits) : 0, @count(hits) ? @sum(waits) : 0)
    if (@count(hits)) print(@hist_log(waits))
}
`;
}
