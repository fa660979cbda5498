import type { ResolvedOptions, Target } from '../resolve.ts';

/** The conditions that select the target in a script, and the helper functions they need. */
export interface TargetText {
  readonly functions: string;
  /** True in the context of the target. */
  readonly here: string;
  /** True when every process of the target has ended; empty if there is nothing to wait for. */
  readonly gone: string;
  /** printf format and argument of the header's `pids=`. */
  readonly pids: readonly [format: string, argument: string];
}

/**
 * A process is inside a tree if one of its ancestors is the root. Walking up needs no table that forks would have
 * to update, so it needs no lock. Children of a parent that has ended belong to init and are lost.
 */
const DESCENDS = `function descends:long(root:long) {
    task = task_current()
    while (task) {
        process = task_pid(task)
        if (process == root) return 1
        if (process <= 1) return 0
        task = task_parent(task)
    }
    return 0
}

`;

export function targetText(target: Target): TargetText {
  // process 0 is each CPU's idle loop
  if (target.kind === 'system') return { functions: '', here: 'pid() != 0', gone: '', pids: ['all', ''] };
  const ids = target.kind === 'command' ? ['target()'] : target.pids.map(String);
  return {
    functions: target.tree ? DESCENDS : '',
    here: ids.map((id) => (target.tree ? `descends(${id})` : `pid() == ${id}`)).join(' || '),
    gone: ids.map((id) => `!pid2task(${id})`).join(' && '),
    pids: target.kind === 'command' ? ['%d', ', target()'] : [ids.join(','), ''],
  };
}

/** The first line of a trace, which says how to read the rest. */
export function header(
  options: ResolvedOptions,
  fields: string,
  { pids: [format, argument] }: TargetText,
): string {
  if (!options.framed) return '';
  const text = [
    fields.replace('PIDS', `pids=${format}`),
    `maxbacktrace=${options.maxBacktrace}`,
    ...(options.host === undefined ? [] : [`host=${options.host.replaceAll('%', '%%')}`]),
  ].join(' ');
  return `probe begin {
    printf("# stapflame 1 ${text}\\n"${argument})
}

`;
}

/**
 * The mark before a thread's name. A program chooses the names of its threads, so text_str() keeps each on one line, and
 * this mark keeps it from being read as a frame, a message or a count. Older folders do not know the mark.
 */
export function nameMark({ framed }: Pick<ResolvedOptions, 'framed'>): string {
  return framed ? '#= ' : '';
}

/** Statements that print a sample's root frame: the name of a thread, by default of the one that runs. */
export function rootLines(
  options: Pick<ResolvedOptions, 'root' | 'framed'>,
  name = 'text_str(execname())',
  thread = 'tid()',
): readonly string[] {
  const mark = nameMark(options);
  if (options.root === 'none') return [];
  return options.root === 'comm'
    ? [`printf("${mark}%s\\n", ${name})`]
    : [`printf("${mark}%s/%d\\n", ${name}, ${thread})`];
}

/**
 * Probes that end the script: one checks once a second whether the targets have ended, one ends it after its time and
 * first runs the statements `first`.
 */
export function endings({ framed, seconds }: ResolvedOptions, { gone }: TargetText, first = ''): string {
  const life = framed ? '    printf("#. %d\\n", local_clock_ns())\n' : '';
  const end = gone ? `    if (${gone}) exit()\n` : '';
  return [
    ...(life || end ? [`probe timer.s(1) {\n${life}${end}}\n`] : []),
    ...(seconds === undefined ? [] : [`probe timer.s(${seconds}) { ${first}exit() }\n`]),
  ].join('\n');
}

/** Seconds to wait for the target to run once more before its user stacks are printed without symbols. */
const GRACE_SECONDS = 2;

/** Lets the probe that waits for `over` print the stacks when the target runs next; if it does not, `probe end` does. */
export function timeIsUp(seconds: number, first = ''): string {
  return `probe timer.s(${seconds}) { ${first}over = 1 }\nprobe timer.s(${seconds + GRACE_SECONDS}) { exit() }\n`;
}

/** Probes that print the last line. `probe end` does not run after an error. */
export function trailer({ framed }: ResolvedOptions): string {
  if (!framed) return '';
  return `
probe end { printf("# stapflame end hits=%d\\n", @count(hits)) }
probe error { printf("# stapflame error hits=%d\\n", @count(hits)) }
`;
}

/** Indents each line. */
export function indented(depth: number, lines: readonly string[]): string {
  return lines.map((line) => `${' '.repeat(4 * depth)}${line}\n`).join('');
}
