/** As stap names modules, and as `record --compile-for` does. */
const NAME = /^stap(?:flame)?_\w+$/;

/**
 * Modules of SystemTap that are loaded though nobody holds them: what ran them was killed (a staprun that lives keeps
 * files of its module open).
 *
 * @param text of /proc/modules: name, size, number of holders, …
 */
export function leftModules(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name, , holders]) => NAME.test(name!) && holders === '0')
    .map(([name]) => name!);
}
