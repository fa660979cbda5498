/** Bytes of input after which the heap of new objects may grow no more. */
const SMALL_INPUT = 1 << 20;
let isSmall = false;

/**
 * Keeps the space for new objects at a megabyte or two once this many bytes of input are read. It would grow to 48
 * MiB while names pass through: folding 32 MB of sixteen programs takes 97 MiB instead of 131, for about a tenth
 * more CPU time.
 *
 * This is not set when the process starts, because Node's own modules are stored compiled, and V8 compiles them anew
 * if a flag differs from those they were compiled with. That takes as long as Node takes to start.
 *
 * @param bytes of input that were read, or are going to be
 */
export function keepHeapSmall(bytes: number): void {
  if (isSmall || bytes < SMALL_INPUT) return;
  isSmall = true;
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}
