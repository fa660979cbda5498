import { StacksError } from './errors.ts';

/** What was lost before the stacks came here, and how often. */
export interface Losses {
  /** Records that could not be trusted; their weight is in `[damaged]`. */
  readonly damaged?: number;
  /** Inputs that end too early. */
  readonly truncated?: number;
  /** Samples that were taken and did not arrive. */
  readonly lost?: number;
  /** Stacks whose root end the sampler did not print. */
  readonly cut?: number;
  /** Messages that say that the sampler failed. */
  readonly errors?: number;
}

/** What is known of stacks as a whole. It travels with them, so that no stage has to write it for another. */
export interface Facts {
  /** What weights count: `samples`, `us`, … @defaultValue 'samples' */
  readonly unit?: string;
  /** Nanoseconds between two samples of one CPU. */
  readonly period?: number;
  /** When sampling began, in milliseconds since 1970. */
  readonly start?: number;
  /** How long it took, in milliseconds. */
  readonly duration?: number;
  /** How the stacks follow each other: sorted frame by frame, or as time went. @defaultValue in no order */
  readonly order?: 'frame' | 'time';
  /** Stacks run from the leaf: they were turned around. */
  readonly reversed?: boolean;
  /** Stacks begin at frames of these labels; what was below them was left out. */
  readonly base?: readonly string[];
  /** Where the samples were taken. */
  readonly host?: string;
  /** Release of the kernel there. */
  readonly kernel?: string;
  readonly losses?: Losses;
  /** Weight of stacks that the sampler was asked to leave out (its limit): missing, but not lost. */
  readonly beyondLimit?: number;
  /** Weight of stacks that were left out by a choice (`Selection`): missing, but not lost. */
  readonly filtered?: number;
  /** A sum has left the whole numbers that a double holds exactly (2^53 − 1). */
  readonly inexact?: boolean;
}

/** Weights are samples where nothing else is said. */
export const SAMPLES = 'samples';

/** The kinds of loss, in the order in which they are told. */
export const LOSSES: readonly (keyof Losses)[] = ['damaged', 'truncated', 'lost', 'cut', 'errors'];

/** Whether anything was lost. */
export function isIncomplete({ losses }: Facts): boolean {
  return losses !== undefined && LOSSES.some((kind) => (losses[kind] ?? 0) > 0);
}

/** Adds up what two inputs lost. */
export function addLosses(a: Losses = {}, b: Losses = {}): Losses {
  const sums = LOSSES.flatMap((kind) => {
    const sum = (a[kind] ?? 0) + (b[kind] ?? 0);
    return sum > 0 ? [[kind, sum] as const] : [];
  });
  return Object.fromEntries(sums);
}

/**
 * The facts of two inputs that become one: losses add up, and of the other facts those stay in which both agree.
 * Throws `MIXED_UNITS` where they count different things.
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
  const { losses: _, beyondLimit: __, filtered: ___, ...common } = Object.fromEntries(shared) as Facts;
  const beyondLimit = (a.beyondLimit ?? 0) + (b.beyondLimit ?? 0);
  const filtered = (a.filtered ?? 0) + (b.filtered ?? 0);
  return {
    ...common,
    ...(Object.keys(losses).length > 0 && { losses }),
    ...(beyondLimit > 0 && { beyondLimit }),
    ...(filtered > 0 && { filtered }),
    ...((a.inexact === true || b.inexact === true) && { inexact: true }),
  };
}
