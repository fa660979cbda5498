import { lstatSync } from 'node:fs';
import { pathOf } from '../io/file-names.ts';
import { STDIN } from '../io/inputs.ts';

/**
 * Returns the symbol file next to a trace, which may be compressed. Because the user did not name the symbol file, it
 * must have the same owner as the trace and must not be a link. If all users may write to the directory, somebody else
 * could have put it there.
 */
export function filesBeside(trace: string): readonly string[] {
  if (trace === STDIN) return [];
  const unpacked = trace.replace(/\.(?:gz|zst)$/, '');
  const file = [...new Set([trace, unpacked])]
    .map((name) => `${name}.symbols`)
    .find((name) => isBeside(name, trace));
  return file === undefined ? [] : [file];
}

function isBeside(file: string, trace: string): boolean {
  const [stats, owner] = [file, trace].map((name) => lstatSync(pathOf(name), { throwIfNoEntry: false }));
  return stats?.isFile() === true && stats.uid === owner?.uid;
}
