import { asRoot, type Machine } from '../machine.ts';
import { sh, type Command } from '../shell.ts';

/** The module names that stap and `record --compile-for` choose. */
const NAME = /^stap(?:flame)?_\w+$/;

/**
 * SystemTap modules that are loaded but used by no process: their staprun was killed. (A running staprun keeps its
 * module's files open.)
 *
 * @param text of /proc/modules: name, size, number of holders, …
 */
export function abandonedModules(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name, , holders]) => NAME.test(name!) && holders === '0')
    .map(([name]) => name!);
}

/** Unloads a module that no process uses. */
export function unloadCommand(name: string, machine: Machine): Command {
  return sh`${asRoot(machine)}staprun -d -- ${name}`;
}

/** The modules that no process uses, according to the text of /proc/modules, each with the command that unloads it. */
export function abandonedModulesIn(
  text: string,
  machine: Machine,
): readonly { readonly name: string; readonly unload: Command }[] {
  return abandonedModules(text).map((name) => ({ name, unload: unloadCommand(name, machine) }));
}
