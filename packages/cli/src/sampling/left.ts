import { asRoot, leftModules, type Site } from '@stapflame/stap-doctor';

/**
 * What a run that was killed left in the kernel, and how to unload it.
 *
 * @param modules text of /proc/modules
 * @param site where they are loaded
 */
export function leftNotes(modules: string, site: Site): readonly string[] {
  return leftModules(modules).map(
    (name) =>
      `the module ${name} of a run that was killed is still loaded, and may still sample; unload it: ${asRoot(site, `staprun -d ${name}`)}`,
  );
}
