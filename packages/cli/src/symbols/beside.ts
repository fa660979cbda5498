import { lstatSync } from 'node:fs';
import { pathOf } from '../io/file-names.ts';
import { STDIN } from '../io/inputs.ts';

/**
 * The file of symbols next to a trace, compressed or not. Nobody named it, so it must have the owner of the trace and must
 * not be a link: in a directory where all may write, another user could have put it there.
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
