import { StacksError } from './errors.ts';

/** Losses before the stacks reached this stage: the number of each kind. */
export interface Losses {
  /** Records that could not be trusted; their weight is in `[damaged]`. */
  readonly damaged?: number;
  /** Inputs that end too early. */
  readonly truncated?: number;
  /** Samples that were taken but did not arrive. */
  readonly lost?: number;
  /** Stacks whose root end the sampler did not print. */
  readonly cut?: number;
  /** Messages saying that the sampler failed. */
  readonly errors?: number;
}

/** What is known about all stacks together. Facts travel with the batches, so no stage has to write them as text. */
export interface Facts {
  /** What weights measure: `samples`, `us`, … @defaultValue 'samples' */
  readonly unit?: string;
  /** Nanoseconds between two samples on one CPU. */
  readonly period?: number;
  /** When sampling began, in milliseconds since 1970. */
  readonly start?: number;
  /** How long sampling took, in milliseconds. */
  readonly duration?: number;
  /** How the stacks are sorted: frame by frame, or by time. @defaultValue not sorted */
  readonly order?: 'frame' | 'time';
  /** Stacks were reversed: the leaf is the root. */
  readonly reversed?: boolean;
  /** Stacks begin at frames with these labels; frames below them were left out. */
  readonly base?: readonly string[];
  /** The host on which the samples were taken. */
  readonly host?: string;
  /** The host's kernel release. */
  readonly kernel?: string;
  readonly losses?: Losses;
  /** Weight of stacks left out because of the sampler's limit: missing, but not lost. */
  readonly beyondLimit?: number;
  /** Weight of stacks left out by a `Selection`: missing, but not lost. */
  readonly filtered?: number;
  /** Weight of stacks whose leaf has no name, because its file has names for exported functions only. */
  readonly exportedOnly?: number;
  /** A sum is above 2^53 − 1, so a double may not represent it exactly. */
  readonly inexact?: boolean;
}

/** The default unit of weights. */
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
 * Combines the facts of two inputs into one: losses add up, and other facts are kept if both inputs agree on them.
 * Throws `MIXED_UNITS` if the inputs have different units.
 */
export function combineFacts(a: Facts, b: Facts): Facts {
  const [unit, other] = [a.unit ?? SAMPLES, b.unit ?? SAMPLES];
  if (unit !== other) {
    throw new StacksError(
      'MIXED_UNITS',
      `one input counts ${unit}, another one ${other}; their sum would mean nothing, so make a separate picture for each`,
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
