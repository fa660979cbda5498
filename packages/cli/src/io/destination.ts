import { lstatSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { textOfBytes } from '@stapflame/stap-doctor';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { ownDescriptor, STDOUT } from './descriptors.ts';
import { pathOf } from './file-names.ts';
import { STDIN } from './inputs.ts';

/** Where an output is written. */
export type Destination =
  /** An open descriptor. Writing continues at its current position. */
  | { readonly kind: 'descriptor'; readonly descriptor: number }
  /** A file that is not a regular file, such as a named pipe or a device. */
  | { readonly kind: 'in place'; readonly path: string }
  /** A file that is replaced when the new file is complete. Without `stats`, the file does not exist yet. */
  | { readonly kind: 'replaced'; readonly path: string; readonly stats: Stats | undefined };

/** Maximum number of links to follow. The kernel has the same limit. */
const MAX_LINKS = 40;

/** Returns the destination for a name, following links as the shell would. Without a name, this is standard output. */
export function destinationOf(name: string | undefined): Destination {
  if (name === undefined || name === STDIN) return { kind: 'descriptor', descriptor: STDOUT };
  let path = name;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const descriptor = ownDescriptor(path);
    if (descriptor !== undefined) return { kind: 'descriptor', descriptor };
    const link = lstatSync(pathOf(path), { throwIfNoEntry: false });
    if (!link?.isSymbolicLink()) return named(name, path);
    refuseOthersLink(path, link);
    const target = textOfBytes(readlinkSync(pathOf(path), 'buffer'));
    path = target.startsWith('/') ? target : `${dirname(path)}/${target}`;
  }
  throw new CliError(
    Exit.IO,
    `cannot write ${forTerminal(name)}: it is a symbolic link that leads to itself`,
  );
}

/** @param path the path with its symbolic links resolved */
function named(name: string, path: string): Destination {
  const stats = statSync(pathOf(name), { throwIfNoEntry: false });
  // A link in /proc to another process's descriptor may lead to a file that no longer has a path.
  const isThere = stats === undefined || isSame(stats, lstatSync(pathOf(path), { throwIfNoEntry: false }));
  if (!isThere) return { kind: 'in place', path: name };
  return stats === undefined || stats.isFile()
    ? { kind: 'replaced', path, stats }
    : { kind: 'in place', path };
}

function isSame(one: Stats, other: Stats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}

/** Mode bits that allow the group and others to write. */
const OTHERS_WRITE = 0o022;

/**
 * Throws if root must not follow a symbolic link. Otherwise, any user could make root overwrite any file on this
 * machine. Root only follows links in directories that belong to root, and only if root created the link or nobody
 * else could have created it.
 */
function refuseOthersLink(path: string, link: Stats): void {
  if (process.geteuid?.() !== 0) return;
  const directory = statSync(pathOf(dirname(path)));
  if (directory.uid === 0 && (link.uid === 0 || (directory.mode & OTHERS_WRITE) === 0)) return;
  throw new CliError(
    Exit.PERMISSION,
    `cannot write ${forTerminal(path)}: it is a symbolic link in a directory where other users can create links, and root does not follow such links; specify its target (${forTerminal(textOfBytes(readlinkSync(pathOf(path), 'buffer')))}) or another file`,
  );
}
