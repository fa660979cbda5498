import { asRoot, type Machine } from '../machine.ts';
import { sh, type Command } from '../shell.ts';

/** Matches the module names that stap and `record --compile-for` choose. */
const NAME = /^stap(?:flame)?_\w+$/;

/**
 * Returns the SystemTap modules that are loaded but unused, because their staprun was killed. (A running staprun keeps
 * its module's files open.)
 *
 * @param text the contents of /proc/modules; each line has a name, a size, the number of users, …
 */
export function abandonedModules(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name, , holders]) => NAME.test(name!) && holders === '0')
    .map(([name]) => name!);
}

/** Returns the command that unloads an unused module. */
export function unloadCommand(name: string, machine: Machine): Command {
  return sh`${asRoot(machine)}staprun -d -- ${name}`;
}

/** Like {@link abandonedModules}, but returns each module with the command that unloads it. */
export function abandonedModulesIn(
  text: string,
  machine: Machine,
): readonly { readonly name: string; readonly unload: Command }[] {
  return abandonedModules(text).map((name) => ({ name, unload: unloadCommand(name, machine) }));
}
