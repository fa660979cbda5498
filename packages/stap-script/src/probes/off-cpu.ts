import { OFF_CPU_THREADS } from '../estimate.ts';
import type { ResolvedOptions } from '../resolve.ts';
import { endings, header, indented, rootLines, targetText, trailer, type TargetText } from './target.ts';

/**
 * The probe point where a thread is on a CPU again, in its own context; armed only while a condition holds, where one
 * is given. Compilers add endings such as `.isra.0` to the function's name. The probe needs the names of the kernel's
 * functions but no debuginfo; `kprobe.function` needs neither and was never hit with 4.8 on 6.1.
 */
export function resumed(condition?: string): string {
  return `kernel.function("finish_task_switch*").call${condition === undefined ? '' : ` if (${condition})`}`;
}

/** The global maps that `leaving` fills, each keyed by thread. */
export function leavingMaps({ root }: ResolvedOptions, kept: Kept): string {
  const maps = ['since', ...(kept.kernel ? ['left_at'] : []), ...(kept.user ? ['user_at'] : [])];
  if (kept.kernel && root !== 'none') maps.push('names');
  return maps.map((name) => `${name}%[${OFF_CPU_THREADS}]`).join(', ');
}

/** Which stacks of a thread that leaves its CPU are kept. */
interface Kept {
  readonly kernel: boolean;
  readonly user: boolean;
}

/**
 * The probe that notes when a thread begins to wait. Its time is taken before the unwinder runs, which would shorten
 * the wait by some milliseconds; the maps come last, since their locks are held from the first statement that uses one.
 */
export function leaving({ root }: ResolvedOptions, { here }: TargetText, kept: Kept): string {
  return `/* prev_state 0: still runnable, so preempted and not waiting */
probe kernel.trace("sched:sched_switch") {
    if ($prev_state && !$preempt && (${here})) {
${indented(2, [
  'now = ktime_get_ns()',
  ...(kept.kernel ? ['k = backtrace()'] : []),
  ...(kept.user ? ['u = ubacktrace()'] : []),
  'thread = tid()',
  ...(kept.kernel ? ['left_at[thread] = k'] : []),
  ...(kept.user ? ['user_at[thread] = u'] : []),
  ...(kept.kernel && root !== 'none' ? ['names[thread] = text_str(execname())'] : []),
  'since[thread] = now',
])}    }
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
  const kept: Kept = { kernel: !distribution, user: false };
  return `global hits${distribution ? ', waits' : ', ended'}
global ${leavingMaps(options, kept)}

${target.functions}${distribution ? '' : PRINT_KERNEL_STACK}${distribution ? '' : header(options, 'mode=stream PIDS unit=us', target)}${leaving(options, target, kept)}
probe ${resumed()} {
    if (!(${target.here})) next
${waitThatCounts(options)}    hits <<< 1
${distribution ? '    waits <<< waited\n' : indented(1, record)}}

probe kernel.trace("sched:sched_process_exit") { delete since[tid()] }

${endings(options, target)}
${distribution ? distributionEnd() : stillWaiting(options, 'hits <<< 1')}${distribution ? '' : trailer(options)}`;
}

/** A stack that was unwound inside a tracepoint begins with the frames of this script's own module. */
export const PRINT_KERNEL_STACK = `function print_kernel_stack(stack:string) {
    own = sprintf("[%s", module_name())
    address = tokenize(stack, " ")
    while (address != "" && isinstr(symdata(strtol(address, 16)), own)) address = tokenize("", " ")
    while (address != "") {
        print_syms(address)
        address = tokenize("", " ")
    }
}

`;

/**
 * The probes that print the threads that still wait, with the time until sampling was over: the script itself ends
 * some time after. They run before the trailer: probes of one kind run in the order of the script.
 *
 * @param counted the statement that counts a record for the trailer
 */
export function stillWaiting(
  options: ResolvedOptions,
  counted: string,
  framed: boolean = options.framed,
): string {
  const { minWait, seconds } = options;
  const record = [
    ...(options.framed ? [counted] : []),
    ...(framed ? ['printf("#< 0 %d\\n", mark)'] : []),
    'print_kernel_stack(left_at[thread])',
    'printf("[still waiting]\\n")',
    ...rootLines(options, 'names[thread]', 'thread'),
    framed ? 'printf("#> 0 %d\\n\\t%d\\n", mark, waited)' : 'printf("\\t%d\\n", waited)',
  ];
  return `${seconds === undefined ? '' : `probe timer.s(${seconds}) { ended = ktime_get_ns() }\n`}probe end {
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
