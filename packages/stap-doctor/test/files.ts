import { readFileSync } from 'node:fs';
import type { Finding } from '../src/finding.ts';
import { preflight } from '../src/preflight/preflight.ts';
import { readFacts } from '../src/preflight/read-facts.ts';
import { PID } from './checks.ts';
import { captured, withSections } from './machine.ts';

/** Returns the lines that readelf printed about a file. */
export function fixture(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/probe/${name}.txt`, import.meta.url), 'utf8').split('\n');
}

/**
 * Returns the findings about a file that is added to the probe's output about a target. `own` contains the file's
 * sections, and `about` contains other sections to replace.
 */
export function withFile(
  path: string,
  own: Record<string, string>,
  about: Record<string, string> = {},
): Finding[] {
  const sections = Object.entries({ module: path, ...own });
  const text = sections.map(([name, content]) => `[${name}]\n ${content.replaceAll('\n', '\n ')}\n`).join('');
  const facts = readFacts(withSections(captured('spin-g'), about).replace('[end]\n', () => `${text}[end]\n`));
  return preflight(facts, PID).filter(({ values }) => values['module'] === path.replace(/ \(deleted\)$/, ''));
}

/** What readelf prints about a stripped program. */
export const STRIPPED = fixture('readelf-perl').join('\n');
export const NO_DEBUGINFOD = { debuginfod: 'https://symbols.example' };

/** Returns the commands of each fix for a library without symbols. */
export function commands(path: string, about: Record<string, string>): readonly (readonly string[])[] {
  const [finding] = withFile(path, { elf: STRIPPED, exports: '9' }, about);
  return finding!.fixes.map((fix) => fix.commands);
}
