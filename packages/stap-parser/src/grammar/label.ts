import type { LabelOptions } from '../options.ts';
import type { ParsedFrame } from './frame.ts';

/** The label of a frame of which nothing is known. */
export const UNKNOWN = '[unknown]';
/** The one-frame stack that keeps the weight of records whose frames cannot be trusted. */
export const DAMAGED = '[damaged]';
/** Stands at the root end of a stack of exactly the sampler's MAXBACKTRACE frames: its rest was not printed. */
export const CUT = '[cut]';

const OWN_MODULE = /^stap_[0-9a-f]+_\d+$/;
// Control characters but TAB; lone surrogates cannot come out of a TextDecoder.
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

/** The label of a frame of a known form, as it stands in folded text. */
export function frameLabel(frame: ParsedFrame, options: Required<LabelOptions>): string {
  const label = cleanLabel(plainLabel(frame, options));
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
 * Text as a label that splits back: no `;`, no TAB, no other control character, no white space around.
 * `;` becomes `:`, as in the perf folders of FlameGraph and inferno. `# ` at the start, and `#` alone, which would
 * make the folded line a comment and lose its weight, become `#_`.
 */
export function cleanLabel(text: string): string {
  const label = text.trim().replaceAll(';', ':').replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd');
  return label.replace(/^#(?: |$)/, '#_') || UNKNOWN;
}

/** Whether the frame lies in the sampling script's own kernel module, whose name differs from run to run. */
export function isProbeFrame(frame: ParsedFrame): boolean {
  return frame.space !== 'user' && frame.module !== undefined && OWN_MODULE.test(frame.module);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
