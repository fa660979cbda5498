import { OFF_CPU_THREADS } from '../estimate.ts';
import type { ResolvedOptions } from '../resolve.ts';
import { endings, header, indented, rootLines, targetText, trailer, type TargetText } from './target.ts';

/**
 * Returns the probe point that is hit when a thread is back on a CPU, in the thread's context. With a condition, the
 * probe is armed only while the condition is true. The `*` allows for suffixes that compilers add to the function's
 * name, such as `.isra.0`. The probe requires the names of the kernel's functions but no debuginfo. `kprobe.function`
 * requires neither, but was never hit with SystemTap 4.8 on Linux 6.1.
 */
export function resumed(condition?: string): string {
  return `kernel.function("finish_task_switch*").call${condition === undefined ? '' : ` if (${condition})`}`;
}

/** The stacks to save when a thread begins to wait. */
interface Kept {
  readonly kernel: boolean;
  readonly user: boolean;
}

/** Declares the global maps that `leaving` fills. Each is keyed by thread. */
export function leavingMaps({ root }: ResolvedOptions, kept: Kept): string {
  const maps = ['since', ...(kept.kernel ? ['left_at'] : []), ...(kept.user ? ['user_at'] : [])];
  if (kept.kernel && root !== 'none') maps.push('names');
  return maps.map((name) => `${name}%[${OFF_CPU_THREADS}]`).join(', ');
}

/** The state of a thread that has ended and therefore does not wait. */
const TASK_DEAD = '0x80';

/**
 * Returns probes that save when and where a thread begins to wait.
 *
 * A thread that begins to wait leaves its CPU in a state other than runnable. The probe that saves the time uses a perf
 * software event, which SystemTap compiles in seconds. A tracepoint would take minutes, because SystemTap compiles all
 * of the kernel's trace headers first. Kernel stacks cannot be unwound at the event, because the registers that it
 * provides are from different moments, so another probe saves stacks when the thread calls schedule() on its way to
 * sleep. That probe uses the maps last, because their locks are held from the first statement that uses a map.
 */
export function leaving({ root }: ResolvedOptions, { here }: TargetText, kept: Kept): string {
  const unless = `if (!(${here})) next
    state = task_state(task_current())
    if (!state || state & ${TASK_DEAD}) next`;
  const stacks = indented(1, [
    ...(kept.kernel ? ['k = backtrace()'] : []),
    ...(kept.user ? ['u = ubacktrace()'] : []),
    'thread = tid()',
    ...(kept.kernel ? ['left_at[thread] = k'] : []),
    ...(kept.user ? ['user_at[thread] = u'] : []),
    ...(kept.kernel && root !== 'none' ? ['names[thread] = text_str(execname())'] : []),
  ]);
  return `${kept.kernel || kept.user ? `probe kernel.function("schedule").call {\n    ${unless}\n${stacks}}\n\n` : ''}probe perf.sw.context_switches.sample(1) {
    ${unless}
    since[tid()] = ktime_get_ns()
}
`;
}

/**
 * Returns statements for a thread of the target that is running again. If the thread's wait counts, the statements
 * store its length in `waited`, in microseconds; otherwise, they end the probe. A thread that was preempted on its way
 * to sleep did not wait, although it left its CPU in a sleeping state. Such a thread is still in that state, because
 * nothing has woken it.
 */
export function waitThatCounts({ minWait, maxWait }: ResolvedOptions): string {
  const unfit = [`waited < ${minWait}`, ...(maxWait === undefined ? [] : [`waited > ${maxWait}`])].join(
    ' || ',
  );
  return `    now = ktime_get_ns()
    state = task_state(task_current())
    thread = tid()
    left = since[thread]
    delete since[thread]
    waited = (now - left) / 1000
    if (!left || state || ${unfit}) next
`;
}

/** A statement that saves the time when sampling ended, for threads that are still waiting. */
export const OVER = 'ended = ktime_get_ns(); ';

/**
 * Returns a script that prints each wait when it ends, in microseconds, with the stack of the thread that waited.
 *
 * A thread that was preempted does not wait. A stack is printed when its thread runs again, because SystemTap can then
 * find the symbols. No lock is held at that time, because SystemTap releases the lock on `since` after the last
 * statement that uses it. For threads that are still waiting at the end, the script prints the kernel stack that was
 * saved when they began to wait, with the frame `[still waiting]`.
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
  const kept: Kept = { kernel: !distribution, user: false };
  return `global hits${distribution ? ', waits' : ', ended'}
global ${leavingMaps(options, kept)}

${target.functions}${distribution ? '' : header(options, 'mode=stream PIDS unit=us', target)}${leaving(options, target, kept)}
probe ${resumed()} {
    if (!(${target.here})) next
${waitThatCounts(options)}    hits <<< 1
${distribution ? '    waits <<< waited\n' : indented(1, record)}}

${endings(options, target, distribution ? '' : OVER)}
${distribution ? distributionEnd() : stillWaiting(options, 'hits <<< 1')}${distribution ? '' : trailer(options)}`;
}

/**
 * Returns the probe that prints the threads that are still waiting. Their waits are measured up to the end of sampling,
 * which is a little before the script ends. The probe runs before the trailer's probe, because end probes run in the
 * script's order.
 *
 * @param counted the statement that counts a record for the trailer
 */
export function stillWaiting(
  options: ResolvedOptions,
  counted: string,
  framed: boolean = options.framed,
): string {
  const { minWait } = options;
  const record = [
    ...(options.framed ? [counted] : []),
    ...(framed ? ['printf("#< 0 %d\\n", mark)'] : []),
    'print_stack(left_at[thread])',
    'printf("[still waiting]\\n")',
    ...rootLines({ ...options, framed }, 'names[thread]', 'thread'),
    framed ? 'printf("#> 0 %d\\n\\t%d\\n", mark, waited)' : 'printf("\\t%d\\n", waited)',
  ];
  return `probe end {
    if (!ended) ended = ktime_get_ns()
    ${framed ? 'mark = ended\n    ' : ''}foreach (thread in since) {
        waited = (ended - since[thread]) / 1000
        if (waited < ${minWait}) continue
${framed ? '        mark++\n' : ''}${indented(2, record)}    }
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
