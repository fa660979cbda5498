import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Reads `64MiB`, `1GiB` or a plain number of bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+)(KiB|MiB|GiB|)$/.exec(text);
  if (!match) throw new InvalidArgumentError(`expected a size such as 64MiB or 1GiB, got ${text}`);
  return Number(match[1]) * UNITS[match[2]!]!;
}

/** Writes a size in the largest unit that gives a whole number: `1 GiB`, `96 MiB`, `512 KiB` or bytes. */
export function formatSize(bytes: number): string {
  for (const [unit, size] of Object.entries(UNITS).toReversed()) {
    if (size > 1 && bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`;
  }
  return `${bytes} bytes`;
}
