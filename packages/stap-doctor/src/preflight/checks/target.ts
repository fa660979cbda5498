import { advise, type Finding } from '../../finding.ts';
import { sh } from '../../shell.ts';
import type { Facts } from '../facts.ts';
import { compareVersions } from '../kernel-version.ts';

/** From this version on, SystemTap itself enters the namespaces of `-x PID` (according to its NEWS). */
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
            : 'It is a zombie: it has ended, and only its exit code is left to be read.',
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
        cause: 'It has no memory of its own.',
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
      meaning: `The doctor could not see which files process ${pid} maps, so it could not check their symbols.`,
      cause:
        user.uid === 0
          ? `Not even root may read /proc/${pid}/maps here: a container or a security module protects it.`
          : `It belongs to user ${target.uid ?? 'unknown'}, and this is ${user.name} (${user.uid}).`,
      fixes: user.uid === 0 ? [] : [{ commands: [sh`sudo stapflame doctor -p ${String(pid)}`] }],
      values: about,
      links: ['man 5 proc'],
    });
  if (target.tracer > 0)
    findings.push({
      code: 'target-traced',
      severity: 'note',
      meaning: `gdb cannot attach to process ${pid}. Sampling is not affected.`,
      cause: `Process ${target.tracer} already traces it.`,
      fixes: [],
      values: { ...about, tracer: String(target.tracer) },
      links: [],
    });
  const enters = compareVersions(systemtap.version ?? ENTERS_NAMESPACES, ENTERS_NAMESPACES) >= 0;
  if (target.root !== undefined && !enters)
    findings.push({
      code: 'target-in-container',
      severity: 'costs',
      meaning: 'Frames may have no names: SystemTap looks for the files of the process on the host.',
      cause: `Process ${pid} has another root directory. SystemTap enters the namespaces of its target from ${ENTERS_NAMESPACES} on, and this is ${systemtap.version}.`,
      fixes: [
        advise(
          `Use SystemTap ${ENTERS_NAMESPACES} or later, or sample with stapflame record, which copies the files of the process from ${target.root}.`,
        ),
      ],
      values: { ...about, root: target.root },
      links: ['man stap'],
    });
  return findings;
}
