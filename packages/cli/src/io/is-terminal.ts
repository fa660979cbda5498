import { fstatSync } from 'node:fs';

/** Whether a descriptor is a terminal. Only character devices can be, so only they are checked with `node:tty`. */
export function isTerminal(descriptor: number): boolean {
  return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor);
}
