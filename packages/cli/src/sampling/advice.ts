import { diagnose, flagsOf, recordWords, type Finding, type Fix } from '@stapflame/stap-doctor';
import type { ScriptOptions } from '@stapflame/stap-script';
import { quoted } from '../shell.ts';
import { thisSite } from '../site.ts';
import type { End } from './sampling.ts';

/** Findings that are told one by one: with what else is said, five lines at most. */
const MOST_TOLD = 3;
/** A run that takes kernel stacks names the kernel already: to name it once more changes nothing. */
const NAMED_ALREADY = 'missing-unwind-data-kernel';

/** What stap's messages say. */
export function findingsOf(ends: readonly End[], { user, kernel }: ScriptOptions): readonly Finding[] {
  const here = ends.every(({ host }) => host === undefined);
  return diagnose(ends.map(({ exit }) => exit.messages).join('\n'), {
    stacks: user === kernel ? 'both' : user === true ? 'user' : 'kernel',
    ...(here && thisSite()),
  }).filter(({ code }) => code !== NAMED_ALREADY);
}

/** The files that stap asks to be run again with, and that can be given. */
export function missingModules(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ code }) => code === 'missing-unwind-data')
    .flatMap(({ values }) => values['module']!.split('\n'));
}

/**
 * What would make the next trace better, in at most five lines, the last of them the whole command.
 *
 * @param words the command line of this run
 */
export function adviceOn(findings: readonly Finding[], words: readonly string[]): readonly string[] {
  const serious = findings.filter(({ severity }) => severity !== 'note');
  const lines = serious.slice(0, MOST_TOLD).map(inOneLine);
  const more = serious.length - lines.length;
  if (more > 0) lines.push(`and ${more} more: stapflame doctor --stderr FILE explains such messages`);
  const flags = wordsFor(serious);
  const rerun =
    flags.includes('-d') && !words.includes('--rerun')
      ? 'add --rerun, or sample again with'
      : 'sample again with';
  if (flags.length > 0) lines.push(`${rerun}: ${['stapflame', ...words, ...flags].map(quoted).join(' ')}`);
  return lines;
}

function inOneLine({ meaning, cause, fixes }: Finding): string {
  const [command] = fixes[0]?.commands ?? [];
  return `${meaning} ${cause}${command === undefined ? '' : ` → ${command}`}`;
}

/** What to add to the command: of each finding the first way that risks nothing; the first word on each flag. */
function wordsFor(findings: readonly Finding[]): readonly string[] {
  const words: string[] = [];
  const given = new Set<string>();
  for (const { fixes } of findings)
    for (const flag of flagsOf(fixes.find(isHarmless)?.again ?? [])) {
      const name = flag[0]!.replace(/=.*/, '');
      if (name !== '-d' && given.has(name)) continue;
      given.add(name);
      words.push(...recordWords(flag));
    }
  return words;
}

const isHarmless = ({ again, risk }: Fix): boolean => again !== undefined && risk === undefined;
