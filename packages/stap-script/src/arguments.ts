import { AGGREGATE_STRING, type Plan } from './estimate.ts';
import type { ResolvedOptions } from './resolve.ts';

/** If the script does not end on time, stap ends it this many seconds later. */
const GRACE_SECONDS = 10;

/** Returns the stap arguments that precede the script. The user's arguments come last and override ours. */
export function stapArguments(options: ResolvedOptions, plan: Plan): readonly string[] {
  const { target, modules, kernel, stapArguments: own } = options;
  const limits = new Map([['MAXBACKTRACE', options.maxBacktrace]]);
  if (plan.mode === 'aggregate') {
    limits.set('MAXSTRINGLEN', AGGREGATE_STRING);
    limits.set('MAXMAPENTRIES', plan.mapEntries);
    // one probe prints all lines, with one action per line; meanwhile, probes that wait for the table are skipped
    limits.set('MAXACTION', 1_000_000);
    limits.set('MAXSKIPPED', 10_000);
  }
  if (options.kind === 'off-cpu') {
    limits.set('MAXSTRINGLEN', AGGREGATE_STRING);
    limits.set('MAXACTION', 1_000_000);
  }
  if (options.addresses) limits.set('MAXSTRINGLEN', AGGREGATE_STRING);
  const text = own.join(' ');
  const defined = new Set(own.flatMap((word) => /^(?:-D)?([A-Z][A-Z0-9_]*)(?:=|$)/.exec(word)?.[1] ?? []));
  const sized = /(?:^|\s)-s/.test(text);
  const timed = /(?:^|\s)-T/.test(text);
  return [
    // -x accepts only one process, so for other targets SystemTap follows all processes
    ...(target.kind === 'pids' && target.pids.length === 1 && !target.tree
      ? ['-x', String(target.pids[0])]
      : []),
    ...(target.kind === 'command' ? ['-c', target.command] : []),
    ...(options.sysroot === undefined ? [] : [`--sysroot=${options.sysroot}`]),
    ...modules.flatMap((file) => ['-d', file]),
    ...(options.ldd ? ['--ldd'] : []),
    ...(kernel ? ['-d', 'kernel'] : []),
    ...(options.allModules ? ['--all-modules'] : []),
    ...(sized ? [] : ['-s', String(plan.bufferMebibytes)]),
    ...(timed || options.seconds === undefined ? [] : ['-T', String(options.seconds + GRACE_SECONDS)]),
    ...[...limits].flatMap(([name, value]) => (defined.has(name) ? [] : [`-D${name}=${value}`])),
    ...own,
  ];
}
