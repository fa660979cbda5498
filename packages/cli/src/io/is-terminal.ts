import { fstatSync } from 'node:fs';

/** Whether a descriptor is a terminal. Only devices can be one, and for others `node:tty` is not worth loading. */
export function isTerminal(descriptor: number): boolean {
  return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor);
}
