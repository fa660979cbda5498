import { fstatSync } from 'node:fs';

/** Whether a descriptor is a terminal. Only devices can be terminals: for other files, `node:tty` is not loaded. */
export function isTerminal(descriptor: number): boolean {
  return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor);
}
