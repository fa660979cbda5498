import { advise, type Finding } from '../../finding.ts';
import { sh } from '../../shell.ts';
import type { Facts } from '../facts.ts';
import { compareVersions } from '../kernel-version.ts';

/**
 * From this version on, SystemTap itself enters the namespaces of the process given with `-x PID` (according to its
 * NEWS).
 */
const ENTERS_NAMESPACES = '5.1';

/** Checks whether the target can be sampled, and which of its files can be read. */
export function checkTarget(facts: Facts, pid: number): readonly Finding[] {
  const { target, user, systemtap } = facts;
  if (!target) return [];
  const about = { process: String(pid), name: target.name };
  if (target.state === 'gone' || target.state === 'zombie')
    return [
      {
        code: 'target-gone',
        severity: 'blocks',
        obstacle: 'configuration',
        meaning: `There is nothing to sample in process ${pid}.`,
        cause:
          target.state === 'gone'
            ? 'There is no such process.'
            : 'The process is a zombie: it has ended, but its parent has not read its exit code yet.',
        fixes: [
          {
            commands: [sh`ps -eo pid,stat,pcpu,args --sort=-pcpu | head`],
            effect: 'Shows the busiest processes.',
          },
        ],
        values: about,
        links: [],
      },
    ];
  if (target.state === 'kernel-thread')
    return [
      {
        code: 'target-kernel-thread',
        severity: 'note',
        meaning: `Process ${pid} is a kernel thread, which has only kernel stacks.`,
        cause: 'A kernel thread has no user memory.',
        fixes: [{ commands: [sh`sudo stapflame record -k -p ${String(pid)} -t 30 -o trace.bt`] }],
        values: about,
        links: [],
      },
    ];
  const findings: Finding[] = [];
  if (!target.mapsReadable)
    findings.push({
      code: 'target-unreadable',
      severity: 'costs',
      meaning: `The doctor could not find out which files process ${pid} maps, so it could not check the files' symbols.`,
      cause:
        user.uid === 0
          ? `Not even root may read /proc/${pid}/maps here, because a container or a security module protects it.`
          : `The process belongs to ${target.uid === undefined ? 'another user' : `user ${target.uid}`}, but the doctor runs as ${user.name} (${user.uid}).`,
      fixes: user.uid === 0 ? [] : [{ commands: [sh`sudo stapflame doctor -p ${String(pid)}`] }],
      values: about,
      links: ['man 5 proc'],
    });
  if (target.tracer > 0)
    findings.push({
      code: 'target-traced',
      severity: 'note',
      meaning: `gdb cannot attach to process ${pid}. Sampling is not affected.`,
      cause: `Process ${target.tracer} is already tracing process ${pid}.`,
      fixes: [],
      values: { ...about, tracer: String(target.tracer) },
      links: [],
    });
  const enters = compareVersions(systemtap.version ?? ENTERS_NAMESPACES, ENTERS_NAMESPACES) >= 0;
  if (target.root !== undefined && !enters)
    findings.push({
      code: 'target-in-container',
      severity: 'costs',
      meaning: "Frames may have no names, because SystemTap looks for the process's files on the host.",
      cause: `Process ${pid} has a different root directory. SystemTap enters its target's namespaces from version ${ENTERS_NAMESPACES} on, but this is version ${systemtap.version}.`,
      fixes: [
        advise(
          `Use SystemTap ${ENTERS_NAMESPACES} or later, or sample with stapflame record, which copies the process's files from ${target.root}.`,
        ),
      ],
      values: { ...about, root: target.root },
      links: ['man stap'],
    });
  return findings;
}
