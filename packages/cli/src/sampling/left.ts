import { readFileSync } from 'node:fs';
import { asRoot, leftModules } from '@stapflame/stap-doctor';
import { thisSite } from '../site.ts';

/**
 * What a run that was killed left in the kernel, and how to unload it.
 *
 * @param file the kernel's list of modules; there is none where no module can be loaded
 */
export function leftNotes(file = '/proc/modules'): readonly string[] {
  return leftModules(readIfThere(file)).map(
    (name) =>
      `the module ${name} of a run that was killed is still loaded, and may still sample; unload it: ${asRoot(thisSite(), `staprun -d ${name}`)}`,
  );
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
