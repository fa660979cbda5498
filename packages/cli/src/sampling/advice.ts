import { commandToSampleAgain, diagnose, sh, textOfBytes, type Finding } from '@stapflame/stap-doctor';
import type { ScriptOptions } from '@stapflame/stap-script';
import { thisMachine } from '../this-machine.ts';
import type { RecordFlags } from '../commands/record-options.ts';
import type { End } from './sampling.ts';

/** The most findings to show one by one. With the lines that follow them, there are five lines at most. */
const MOST_TOLD = 3;
/** A run that samples kernel stacks already passes the kernel's name to stap. */
const NAMED_ALREADY = 'missing-unwind-data-kernel';

/** Explains stap's messages. */
export function findingsOf(ends: readonly End[], { user, kernel }: ScriptOptions): readonly Finding[] {
  const here = ends.every(({ host }) => host === undefined);
  // output from a successful run or its target needs no explanation
  const well = ends.every(({ exit }) => exit.reason === 'ended');
  return diagnose(ends.map(({ exit }) => textOfBytes(exit.messageBytes)).join('\n'), {
    stacks: user === kernel ? 'both' : user === true ? 'user' : 'kernel',
    ...(here && thisMachine()),
  }).filter(({ code }) => code !== NAMED_ALREADY && !(well && code.startsWith('unexplained-')));
}

/** The message that says why a run failed, if there is such a message. */
export function reasonIn(messages: string): string | undefined {
  return diagnose(messages)
    .find(({ severity }) => severity === 'blocks')
    ?.evidence?.text.split('\n')[0];
}

/** The files whose names stap lacks, if they can be passed to stap in another run. */
export function missingModules(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ code }) => code === 'missing-unwind-data')
    .flatMap(({ values }) => values['module']!.split('\n'));
}

/**
 * Advice for a better next trace, in at most five lines. The last line is the complete command.
 *
 * @param words the command line of this run
 */
export function adviceOn(
  findings: readonly Finding[],
  words: readonly string[],
  { pid }: ScriptOptions,
  { host: [host] = [] }: RecordFlags,
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
      `for all that prevents sampling: ${sh`${[
        'stapflame',
        'doctor',
        ...(host === undefined ? [] : ['--host', host]),
        ...(pid === undefined ? [] : ['-p', String(pid)]),
      ]}`}`,
    );
  return lines;
}

function inOneLine({ meaning, cause, fixes }: Finding): string {
  const [command] = fixes[0]?.commands ?? [];
  return `${meaning} ${cause}${command === undefined ? '' : ` → ${command}`}`;
}
