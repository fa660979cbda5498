import { StacksError } from './errors.ts';

/** Losses that occurred before the stacks reached this stage, by kind. */
export interface Losses {
  /** Number of records that could not be trusted. Their weight is in `[damaged]`. */
  readonly damaged?: number;
  /** Number of inputs that end within a record. */
  readonly truncated?: number;
  /** Number of samples that were taken but did not arrive. */
  readonly lost?: number;
  /** Number of stacks whose root end the sampler did not print. */
  readonly cut?: number;
  /** Number of messages from the sampler that report a failure. */
  readonly errors?: number;
}

/** What is known about the stacks as a whole. Facts travel with batches, so no stage has to write them as text. */
export interface Facts {
  /** The unit of weights: `samples`, `us`, … @defaultValue 'samples' */
  readonly unit?: string;
  /** The time between two samples on one CPU, in nanoseconds. */
  readonly period?: number;
  /** When sampling began, in milliseconds since 1970. */
  readonly start?: number;
  /** The duration of sampling, in milliseconds. */
  readonly duration?: number;
  /** The order of the stacks: sorted frame by frame, or by time. @defaultValue not sorted */
  readonly order?: 'frame' | 'time';
  /** Whether the stacks were reversed, so that each leaf is now the root. */
  readonly reversed?: boolean;
  /** The labels of the frames where the stacks begin. Frames below them were left out. */
  readonly base?: readonly string[];
  /** The host where the samples were taken. */
  readonly host?: string;
  /** The host's kernel release. */
  readonly kernel?: string;
  readonly losses?: Losses;
  /** Weight of the stacks that the sampler left out because of its limit. This is not a loss. */
  readonly beyondLimit?: number;
  /** Weight of the stacks that a `Selection` left out. This is not a loss. */
  readonly filtered?: number;
  /** Weight of the stacks whose leaf has no name, because its file has names only for exported functions. */
  readonly exportedOnly?: number;
  /** Whether a sum exceeds 2^53 − 1 and may therefore be inexact. */
  readonly inexact?: boolean;
}

/** The default unit of weights. */
export const SAMPLES = 'samples';

/** The kinds of loss, in reporting order. */
export const LOSSES: readonly (keyof Losses)[] = ['damaged', 'truncated', 'lost', 'cut', 'errors'];

/** Whether there are any losses. */
export function isIncomplete({ losses }: Facts): boolean {
  return losses !== undefined && LOSSES.some((kind) => (losses[kind] ?? 0) > 0);
}

/** Adds up the losses of two inputs. */
export function addLosses(a: Losses = {}, b: Losses = {}): Losses {
  const sums = LOSSES.flatMap((kind) => {
    const sum = (a[kind] ?? 0) + (b[kind] ?? 0);
    return sum > 0 ? [[kind, sum] as const] : [];
  });
  return Object.fromEntries(sums);
}

/**
 * Combines the facts about two inputs. Losses and left-out weights are added up; any other fact is kept if both inputs
 * agree on it. Throws `MIXED_UNITS` if the inputs have different units.
 */
export function combineFacts(a: Facts, b: Facts): Facts {
  const [unit, other] = [a.unit ?? SAMPLES, b.unit ?? SAMPLES];
  if (unit !== other) {
    throw new StacksError(
      'MIXED_UNITS',
      `one input counts ${unit}, and another counts ${other}; their sum would be meaningless, so make a separate picture for each input`,
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
