import { readFileSync } from 'node:fs';
import { parseOsRelease, type Machine } from '@stapflame/stap-doctor';

/** The facts about this machine that our advice depends on: its distribution, and whether we are root. */
export function thisMachine(): Machine {
  return { distribution: parseOsRelease(osRelease()), root: process.getuid?.() === 0 };
}

/** The text of os-release, or of the file that replaces it on older distributions. */
function osRelease(): string {
  for (const file of ['/etc/os-release', '/usr/lib/os-release', '/etc/redhat-release'])
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // not there: try the next file
    }
  return '';
}
