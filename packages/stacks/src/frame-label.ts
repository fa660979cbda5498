import { labelOf, leafLabelOf, UNKNOWN } from './label.ts';

/** Which parts of a frame to show in its label, in addition to the symbol. */
export interface LabelOptions {
  /** Show `SYMBOL [BASENAME]` instead of `SYMBOL`. @defaultValue false */
  readonly module?: boolean;
  /** Show `SYMBOL+0xOFF` instead of `SYMBOL`. @defaultValue false */
  readonly offset?: boolean;
  /** Append `_[k]` to the label of a frame that is known to be kernel code. @defaultValue false */
  readonly kernel?: boolean;
  /** Show `0xADDR` instead of `[unknown]`, and `[BASENAME] 0xADDR` instead of `[BASENAME]`. @defaultValue false */
  readonly address?: boolean;
}

/** The parts of a frame that a label can show. */
export interface Nameable {
  readonly symbol?: string | undefined;
  readonly offset?: number | undefined;
  readonly module?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * Makes a frame's label from its known parts. Any frame may be a leaf, so a label never ends in a blank and a number.
 */
export function frameLabel(
  frame: Nameable,
  kernel: boolean | undefined,
  options: Required<LabelOptions>,
): string {
  const label = leafLabelOf(labelOf(plainLabel(frame, options)));
  return options.kernel && kernel === true ? `${label}_[k]` : label;
}

function plainLabel(frame: Nameable, options: Required<LabelOptions>): string {
  const module = frame.module === undefined ? '' : `[${baseName(frame.module)}]`;
  if (frame.symbol === undefined) {
    if (!options.address || frame.address === undefined) return module || UNKNOWN;
    return module ? `${module} ${frame.address}` : frame.address;
  }
  const offset = options.offset && frame.offset !== undefined ? `+0x${frame.offset.toString(16)}` : '';
  return `${frame.symbol}${offset}${options.module && module ? ` ${module}` : ''}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
