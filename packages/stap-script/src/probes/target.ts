import type { ResolvedOptions, Target } from '../resolve.ts';

/** The conditions in a script that select the target, and the functions that they need. */
export interface TargetText {
  readonly functions: string;
  /** A condition that is true in the context of the target. */
  readonly here: string;
  /** A condition that is true when all of the target's processes have ended, or empty if all processes are sampled. */
  readonly gone: string;
  /** The printf format and argument for the header's field `pids=`. */
  readonly pids: readonly [format: string, argument: string];
}

/**
 * Checks whether a process is in a tree by looking for the tree's root among its ancestors. Unlike a table that is
 * updated when processes fork, this needs no lock. It does not find the children of a process that has ended, because
 * init adopts them.
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
  // leave out process 0, each CPU's idle loop
  if (target.kind === 'system') return { functions: '', here: 'pid() != 0', gone: '', pids: ['all', ''] };
  const ids = target.kind === 'command' ? ['target()'] : target.pids.map(String);
  return {
    functions: target.tree ? DESCENDS : '',
    here: ids.map((id) => (target.tree ? `descends(${id})` : `pid() == ${id}`)).join(' || '),
    gone: ids.map((id) => `!pid2task(${id})`).join(' && '),
    pids: target.kind === 'command' ? ['%d', ', target()'] : [ids.join(','), ''],
  };
}

/** Returns the probe that prints the header: the first line of a trace, which says how the trace was sampled. */
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
 * Returns the mark that precedes a thread's name. A program can give its threads any name. text_str() keeps a name on
 * one line, and the mark prevents it from being read as a frame, a message or a count. Older folding tools do not know
 * the mark.
 */
function nameMark({ framed }: Pick<ResolvedOptions, 'framed'>): string {
  return framed ? '#= ' : '';
}

/** Returns statements that print a sample's root frame: a thread's name, by default the running thread's. */
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
 * Returns the probes that end the script: one checks once a second whether the target has ended; the other runs the
 * statements in `first` and ends the script when the time is up.
 */
export function endings({ framed, seconds }: ResolvedOptions, { gone }: TargetText, first = ''): string {
  const life = framed ? '    printf("#. %d\\n", local_clock_ns())\n' : '';
  const end = gone ? `    if (${gone}) exit()\n` : '';
  return [
    ...(life || end ? [`probe timer.s(1) {\n${life}${end}}\n`] : []),
    ...(seconds === undefined ? [] : [`probe timer.s(${seconds}) { ${first}exit() }\n`]),
  ].join('\n');
}

/** Seconds to wait for the target to run again before its user stacks are printed without symbols. */
const GRACE_SECONDS = 2;

/**
 * Returns probes that set `over` when the time is up. The stacks are then printed the next time the target runs. If
 * that does not happen soon, the script ends and `probe end` prints the stacks.
 */
export function timeIsUp(seconds: number, first = ''): string {
  return `probe timer.s(${seconds}) { ${first}over = 1 }\nprobe timer.s(${seconds + GRACE_SECONDS}) { exit() }\n`;
}

/** Returns the probes that print the trailer. After an error, `probe error` runs instead of `probe end`. */
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
