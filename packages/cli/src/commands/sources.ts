import { CliError, Exit } from '../exit.ts';

/** Selects the root frame that is added to a file's stacks. */
export type Sources =
  /** No frame is added. */
  | { readonly by: 'none' }
  /** The file's name, or the host named in the file. */
  | { readonly by: 'file' | 'host' }
  /** The name that was given for the file. */
  | { readonly by: 'name'; readonly names: readonly { readonly name: string; readonly file: string }[] };

/** Parses the values of `--source`. */
export function sourcesOf(values: readonly string[] = []): Sources {
  if (values.length === 0) return { by: 'none' };
  if (values.length === 1 && (values[0] === 'file' || values[0] === 'host')) return { by: values[0] };
  return { by: 'name', names: values.map(named) };
}

function named(value: string): { readonly name: string; readonly file: string } {
  const at = value.indexOf('=');
  if (at > 0 && at < value.length - 1) return { name: value.slice(0, at), file: value.slice(at + 1) };
  throw new CliError(Exit.USAGE, `--source: expected file, host or NAME=FILE, got "${value}"`);
}
