import { commandToSampleAgain, diagnose, sh, textOfBytes, type Finding } from '@stapflame/stap-doctor';
import type { ScriptOptions } from '@stapflame/stap-script';
import { thisMachine } from '../this-machine.ts';
import type { RecordFlags } from '../commands/record-options.ts';
import type { End } from './sampling.ts';

/** Maximum number of findings to show. With the lines that follow them, this makes at most five lines. */
const MOST_TOLD = 3;
/** The code of a finding that is not shown, because runs that sample kernel stacks already pass `-d kernel` to stap. */
const NAMED_ALREADY = 'missing-unwind-data-kernel';
/**
 * Matches what stap prints about the kernel although it has the kernel's functions in a file that was made for it: that
 * there is no System.map, and that the file has no debug information.
 */
const NEEDLESS =
  /^WARNING: (?:Kernel function symbol table missing|cannot find module kernel debuginfo: ).*$/gm;

/** Returns the findings in stap's messages. */
export function findingsOf(ends: readonly End[], { user, kernel }: ScriptOptions): readonly Finding[] {
  const here = ends.every(({ host }) => host === undefined);
  // If the run was successful, unknown messages come from the target and need no explanation.
  const well = ends.every(({ exit }) => exit.reason === 'ended');
  return diagnose(ends.map(messagesOf).join('\n'), {
    stacks: user === kernel ? 'both' : user === true ? 'user' : 'kernel',
    ...(here && thisMachine()),
  }).filter(({ code }) => code !== NAMED_ALREADY && !(well && code.startsWith('unexplained-')));
}

function messagesOf({ exit, hasKernelNames }: End): string {
  const messages = textOfBytes(exit.messageBytes);
  return hasKernelNames === true ? messages.replaceAll(NEEDLESS, '') : messages;
}

/** Returns the message that says why a run failed, or `undefined` if there is none. */
export function reasonIn(messages: string): string | undefined {
  return diagnose(messages)
    .find(({ severity }) => severity === 'blocks')
    ?.evidence?.text.split('\n')[0];
}

/** Returns the files whose symbols stap lacked, if another run can name these files to stap. */
export function missingModules(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ code }) => code === 'missing-unwind-data')
    .flatMap(({ values }) => values['module']!.split('\n'));
}

/**
 * Returns advice on how to get a better trace, in at most five lines. The last line contains the complete command to
 * run next, if there is one.
 *
 * @param words the arguments of this command
 */
export function adviceOn(
  findings: readonly Finding[],
  words: readonly string[],
  { pid }: ScriptOptions,
  { host: [host] = [], sshArguments = [] }: RecordFlags,
): readonly string[] {
  const serious = findings.filter(({ severity }) => severity !== 'note');
  const lines = serious.slice(0, MOST_TOLD).map(inOneLine);
  const more = serious.length - lines.length;
  if (more > 0) lines.push(`and ${more} more; stapflame doctor --stderr FILE explains saved messages`);
  const command = commandToSampleAgain(['stapflame', ...words], serious);
  const canRerun = missingModules(serious).length > 0 && !words.includes('--rerun');
  if (command !== undefined)
    lines.push(`${canRerun ? 'add --rerun, or sample' : 'sample'} again with: ${command}`);
  else if (serious.some(({ severity }) => severity === 'blocks'))
    lines.push(
      `to list everything that prevents sampling: ${sh`${[
        'stapflame',
        'doctor',
        ...(host === undefined ? [] : ['--host', host]),
        ...(sshArguments.length > 0 ? ['--ssh-arguments', sshArguments.join(' ')] : []),
        ...(pid === undefined ? [] : ['-p', String(pid)]),
      ]}`}`,
    );
  return lines;
}

function inOneLine({ meaning, cause, fixes }: Finding): string {
  const [command] = fixes[0]?.commands ?? [];
  return `${meaning} ${cause}${command === undefined ? '' : ` → ${command}`}`;
}
