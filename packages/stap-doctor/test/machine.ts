import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Facts } from '../src/preflight/facts.ts';
import { readFacts } from '../src/preflight/read-facts.ts';

/** Returns the probe's output, captured as root on Debian 12 with SystemTap 4.8 and the headers for 6.1.0-56. */
export function captured(name: 'spin-g' | 'spin-stripped'): string {
  return readFileSync(fileURLToPath(new URL(`fixtures/probe/${name}.txt`, import.meta.url)), 'utf8');
}

/** Replaces sections of the probe's output. An empty section means that its subject is missing on the machine. */
export function withSections(text: string, sections: Readonly<Record<string, string>>): string {
  let changed = text;
  for (const [name, content] of Object.entries(sections)) {
    const body = content.split('\n').map((line) => ` ${line}\n`);
    const section = `[${name}]\n${body.join('')}`;
    const old = new RegExp(`^\\[${name}\\]\\n(?: .*\\n)*`, 'm');
    changed = old.test(changed)
      ? changed.replace(old, () => section)
      : changed.replace('[end]\n', () => `${section}[end]\n`);
  }
  return changed;
}

/** Returns the facts about a machine that is ready to sample, with some sections replaced. */
export function machine(sections: Readonly<Record<string, string>> = {}): Facts {
  const sound = {
    stap: 'Systemtap translator/driver (version 5.2/0.191, Debian version 5.2-1)\ntested kernel versions: 3.10 ... 6.12-rc',
    'system-map': '/boot/System.map-6.1.0-56-cloud-amd64',
  };
  return readFacts(withSections(captured('spin-g'), { ...sound, ...sections }));
}
