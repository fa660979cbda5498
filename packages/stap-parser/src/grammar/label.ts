import { labelOf, UNKNOWN } from '@stapflame/stacks';
import type { LabelOptions } from '../options.ts';
import type { ParsedFrame } from './frame.ts';

const OWN_MODULE = /^stap_[0-9a-f]+_\d+$/;

/** The label of a frame of a known form, as it stands in folded text. */
export function frameLabel(frame: ParsedFrame, options: Required<LabelOptions>): string {
  const label = labelOf(plainLabel(frame, options));
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

/** Whether the frame lies in the sampling script's own kernel module, whose name differs from run to run. */
export function isProbeFrame(frame: ParsedFrame): boolean {
  return frame.space !== 'user' && frame.module !== undefined && OWN_MODULE.test(frame.module);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
