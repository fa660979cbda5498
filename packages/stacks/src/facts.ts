import { StacksError } from './errors.ts';

/** What was lost before the stacks came here, and how often. */
export interface Losses {
  /** Records that could not be trusted; their weight is in `[damaged]`. */
  readonly damaged?: number;
  /** Inputs that end too early. */
  readonly truncated?: number;
  /** Samples that were taken and did not arrive. */
  readonly lost?: number;
  /** Stacks of which the sampler did not print the root end. */
  readonly cut?: number;
  /** Messages that say that the sampler failed. */
  readonly errors?: number;
}

/** What is known of all stacks as a whole. It travels with the batches, so no stage writes text for another one. */
export interface Facts {
  /** What weights count: `samples`, `us`, … @defaultValue 'samples' */
  readonly unit?: string;
  /** Nanoseconds between two samples of one CPU. */
  readonly period?: number;
  /** When sampling began, in milliseconds since 1970. */
  readonly start?: number;
  /** How long it took, in milliseconds. */
  readonly duration?: number;
  /** The order of the stacks: sorted frame by frame, or by time. @defaultValue no order */
  readonly order?: 'frame' | 'time';
  /** Stacks were turned around: the leaf is the root. */
  readonly reversed?: boolean;
  /** Stacks begin at frames of these labels; what was below them was left out. */
  readonly base?: readonly string[];
  /** Where the samples were taken. */
  readonly host?: string;
  /** Release of the kernel there. */
  readonly kernel?: string;
  readonly losses?: Losses;
  /** Weight of stacks that the sampler left out because of its limit: missing, but not lost. */
  readonly beyondLimit?: number;
  /** Weight of stacks that a `Selection` left out: missing, but not lost. */
  readonly filtered?: number;
  /** Weight of stacks whose leaf has no name, because only exported functions of its file have one. */
  readonly exportedOnly?: number;
  /** A sum is over 2^53 − 1, up to which a double holds whole numbers exactly. */
  readonly inexact?: boolean;
}

/** The unit of weights if facts name no other. */
export const SAMPLES = 'samples';

/** The kinds of loss, in the order in which they are reported. */
export const LOSSES: readonly (keyof Losses)[] = ['damaged', 'truncated', 'lost', 'cut', 'errors'];

/** Whether anything was lost. */
export function isIncomplete({ losses }: Facts): boolean {
  return losses !== undefined && LOSSES.some((kind) => (losses[kind] ?? 0) > 0);
}

/** Adds the losses of two inputs. */
export function addLosses(a: Losses = {}, b: Losses = {}): Losses {
  const sums = LOSSES.flatMap((kind) => {
    const sum = (a[kind] ?? 0) + (b[kind] ?? 0);
    return sum > 0 ? [[kind, sum] as const] : [];
  });
  return Object.fromEntries(sums);
}

/**
 * Combines the facts of two inputs that become one: losses add up, and other facts stay if both inputs agree on them.
 * Throws `MIXED_UNITS` if the inputs count in different units.
 */
export function combineFacts(a: Facts, b: Facts): Facts {
  const [unit, other] = [a.unit ?? SAMPLES, b.unit ?? SAMPLES];
  if (unit !== other) {
    throw new StacksError(
      'MIXED_UNITS',
      `one input counts ${unit}, another one ${other}; their sum would mean nothing, so give each a picture of its own`,
    );
  }
  const shared = Object.entries(a).filter(
    ([key, value]) => JSON.stringify(value) === JSON.stringify(b[key as keyof Facts]),
  );
  const losses = addLosses(a.losses, b.losses);
  const {
    losses: _,
    beyondLimit: __,
    filtered: ___,
    exportedOnly: ____,
    ...common
  } = Object.fromEntries(shared) as Facts;
  const beyondLimit = (a.beyondLimit ?? 0) + (b.beyondLimit ?? 0);
  const filtered = (a.filtered ?? 0) + (b.filtered ?? 0);
  const exportedOnly = (a.exportedOnly ?? 0) + (b.exportedOnly ?? 0);
  return {
    ...common,
    ...(Object.keys(losses).length > 0 && { losses }),
    ...(beyondLimit > 0 && { beyondLimit }),
    ...(filtered > 0 && { filtered }),
    ...(exportedOnly > 0 && { exportedOnly }),
    ...((a.inexact === true || b.inexact === true) && { inexact: true }),
  };
}
