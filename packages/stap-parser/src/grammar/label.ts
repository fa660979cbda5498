import { labelOf, leafLabelOf, UNKNOWN } from '@stapflame/stacks';
import type { LabelOptions } from '../options.ts';
import type { ParsedFrame } from './frame.ts';

const OWN_MODULE = /^stap_[0-9a-f]+_\d+$/;

/** The label of a frame of a known form. It may be a leaf anywhere, so that it never ends in a blank and a number. */
export function frameLabel(frame: ParsedFrame, options: Required<LabelOptions>): string {
  const label = leafLabelOf(labelOf(plainLabel(frame, options)));
  return options.kernel && frame.space === 'kernel' ? `${label}_[k]` : label;
}

function plainLabel(frame: ParsedFrame, options: Required<LabelOptions>): string {
  const module = frame.module === undefined ? '' : `[${baseName(frame.module)}]`;
  if (frame.symbol === undefined) {
    if (!options.address || frame.address === undefined) return module || UNKNOWN;
    return module ? `${module} ${frame.address}` : frame.address;
  }
  const offset = options.offset ? `+0x${(frame.offset ?? 0).toString(16)}` : '';
  return `${frame.symbol}${offset}${options.module && module ? ` ${module}` : ''}`;
}

/**
 * Whether the frame says nothing of the program: it lies in the sampling script's own module, whose name differs from
 * run to run, or at address 0, where an unwinder ran off the stack.
 */
export function isNoise({ symbol, module, address }: ParsedFrame): boolean {
  if (module !== undefined) return OWN_MODULE.test(module);
  return symbol === undefined && address === '0x0';
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
