import { readFileSync } from 'node:fs';
import { parseOsRelease, type Machine } from '@stapflame/stap-doctor';

/** This machine, as far as commands that are typed here depend on it. */
export function thisMachine(): Machine {
  return { distribution: parseOsRelease(osRelease()), root: process.getuid?.() === 0 };
}

/** Releases before os-release have another file. */
function osRelease(): string {
  for (const file of ['/etc/os-release', '/usr/lib/os-release', '/etc/redhat-release'])
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // not there: the next one
    }
  return '';
}
