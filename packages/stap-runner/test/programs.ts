import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a shell script that can be run as a program, and returns its path. */
export function program(directory: string, name: string, body: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${body}`);
  chmodSync(path, 0o755);
  return path;
}

/**
 * Writes a stand-in for ssh, and returns its path. The stand-in runs the command on this machine, with the directory at
 * the start of PATH, and creates the file `connected` to show that it was started.
 */
export function standInForSsh(directory: string): string {
  const body = `for last; do :; done\necho > '${directory}/connected'\nPATH='${directory}':$PATH exec sh -c "$last"\n`;
  return program(directory, 'ssh', body);
}
