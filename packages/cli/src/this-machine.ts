import { readFileSync } from 'node:fs';
import { parseOsRelease, type Machine } from '@stapflame/stap-doctor';

/** Returns the facts that advice for this machine depends on: its distribution, and whether we run as root. */
export function thisMachine(): Machine {
  return { distribution: parseOsRelease(osRelease()), root: process.getuid?.() === 0 };
}

/** Returns the contents of os-release, or of the corresponding file on older distributions. */
function osRelease(): string {
  for (const file of ['/etc/os-release', '/usr/lib/os-release', '/etc/redhat-release'])
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // There is no such file, so try the next one.
    }
  return '';
}
