import { OFF_CPU_THREADS } from '../estimate.ts';
import type { ResolvedOptions } from '../resolve.ts';
import { endings, header, indented, rootLines, targetText, trailer, type TargetText } from './target.ts';

/**
 * The probe point at which a thread is back on a CPU, in its own context. With a condition, it is only armed while
 * the condition holds. Compilers add endings such as `.isra.0` to the function's name. The probe needs the names
 * of the kernel's functions but no debuginfo; `kprobe.function` needs neither and was never hit with 4.8 on 6.1.
 */
export function resumed(condition?: string): string {
  return `kernel.function("finish_task_switch*").call${condition === undefined ? '' : ` if (${condition})`}`;
}

/** The stacks to keep for a thread that begins to wait. */
interface Kept {
  readonly kernel: boolean;
  readonly user: boolean;
}

/** The global maps that `leaving` fills, each keyed by thread. */
export function leavingMaps({ root }: ResolvedOptions, kept: Kept): string {
  const maps = ['since', ...(kept.kernel ? ['left_at'] : []), ...(kept.user ? ['user_at'] : [])];
  if (kept.kernel && root !== 'none') maps.push('names');
  return maps.map((name) => `${name}%[${OFF_CPU_THREADS}]`).join(', ');
}

/** The state of a thread that has ended: it does not wait, and never comes back. */
const TASK_DEAD = '0x80';

/**
 * Probes that note when and where a thread begins to wait.
 *
 * Such a thread leaves its CPU in a state other than runnable. A software event of perf shows this and compiles in
 * seconds; for a tracepoint, SystemTap would compile every trace header of the kernel first, which takes minutes. No
 * kernel stack can be unwound at that event, because its registers are from different moments. So stacks are kept where
 * the thread calls schedule() on its way to sleep. The maps come last there, because their locks are held from the
 * first statement that uses one.
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
 * Statements for a thread of the target that runs again. They continue only if its wait counts, and leave it in `waited`,
 * in microseconds. A thread that was preempted on its way to sleep left its CPU in the state of a sleeper. It still has
 * that state here, because nobody has woken it.
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

/** Records when sampling ended, for threads that still wait. */
export const OVER = 'ended = ktime_get_ns(); ';

/**
 * A script that prints each wait as it ends, in microseconds, with the stack of the thread that waited.
 *
 * A thread that was preempted does not wait. The stack is printed when the thread runs again: its symbols can be found
 * then, and no lock is held, because SystemTap releases the lock of `since` after the last statement that uses it. For
 * threads that still wait at the end, the kernel stack that was kept when they left is printed under a frame
 * `[still waiting]`.
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
 * The probe that prints the threads that still wait, with the time until sampling was over; the script itself ends a
 * little later. It runs before the trailer, because probes of one kind run in the order of the script.
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
