import { execa } from 'execa';
import { canSpawn } from './can-spawn.ts';
import { shellCommand } from './commands.ts';
import { resolveOptions, type RunnerOptions } from './options.ts';

const SCRIPT = `while IFS= read -r file; do
  [ -f "$file" ] && [ ! -L "$file" ] && printf '%s\\n' "$file"
done
exit 0`;

/**
 * Which of the paths lead to regular files where stap runs, and not by a link of that name. A path that a target
 * chose may lead to a device or a pipe, and stap, mostly root, would open it. Throws `INVALID_OPTIONS`.
 */
export async function regularFiles(
  options: RunnerOptions,
  paths: readonly string[],
): Promise<readonly string[]> {
  const { file, args } = shellCommand(resolveOptions(options), SCRIPT);
  if (!canSpawn()) return [];
  const input = paths.map((path) => `${path}\n`).join('');
  const { stdout } = await execa(file, args, { input, reject: false });
  return stdout.split('\n').filter((path) => paths.includes(path));
}
