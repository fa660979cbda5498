import { ask } from './ask.ts';
import { printfEscaped } from './bytes-in-text.ts';
import { shellCommand } from './commands.ts';
import { resolveOptions, type RunnerOptions } from './options.ts';

/** Reads a list of paths, and prints the index of each path that leads to a regular file. */
const SCRIPT = `at=0
while IFS= read -r word; do
  file=$(printf '%b.' "$word"); file=\${file%.}
  [ -f "$file" ] && [ ! -L "$file" ] && echo $at
  at=$((at + 1))
done
exit 0`;

/**
 * Returns those of the paths that lead to regular files, not to links, on the machine where stap runs. A path chosen by
 * a target may lead to a device or a pipe, which stap would open, usually as root. Throws `INVALID_OPTIONS`.
 */
export async function regularFiles(
  options: RunnerOptions,
  paths: readonly string[],
): Promise<readonly string[]> {
  const input = paths.map((path) => `${printfEscaped(path)}\n`).join('');
  const { stdout } = await ask(shellCommand(resolveOptions(options), SCRIPT), { input });
  const found = new Set(stdout.split('\n'));
  return paths.filter((_, at) => found.has(String(at)));
}
