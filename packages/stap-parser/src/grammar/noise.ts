import type { ParsedFrame } from './frame.ts';

const OWN_MODULE = /^stap_[0-9a-f]+_\d+$/;

/**
 * Whether the frame says nothing about the program. Such a frame is either in the sampling script's own module, whose
 * name differs in each run, or at address 0, because the unwinder went past the end of the stack.
 */
export function isNoise({ symbol, module, address }: ParsedFrame): boolean {
  if (module !== undefined) return OWN_MODULE.test(module);
  return symbol === undefined && address === '0x0';
}
