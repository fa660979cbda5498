import { abandonedModulesIn, type Machine } from '@stapflame/stap-doctor';

/**
 * Returns notes about modules that killed runs left in the kernel, with the commands that unload them.
 *
 * @param modules the contents of /proc/modules
 * @param machine the machine that they are loaded on
 */
export function leftNotes(modules: string, machine: Machine): readonly string[] {
  return abandonedModulesIn(modules, machine).map(
    ({ name, unload }) =>
      `the module ${name} from a killed run is still loaded, and may still be sampling; unload it: ${unload}`,
  );
}
