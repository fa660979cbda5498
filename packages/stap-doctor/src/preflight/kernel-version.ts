/**
 * Parses a kernel version into numbers that can be compared: `6.1.0-rc3` becomes [6, 1, 0, 3], and `6.1.55-foo` becomes
 * [6, 1, 55, Infinity]. Returns `undefined` if the string is not a version.
 */
export function kernelVersion(text: string): readonly number[] | undefined {
  const [, major, minor, patch, candidate] = /^(\d+)\.(\d+)(?:\.(\d+))?(?:[.\d]*?-rc(\d*))?/.exec(text) ?? [];
  if (major === undefined) return undefined;
  const last = candidate === undefined ? Infinity : Number(candidate);
  return [Number(major), Number(minor), Number(patch ?? 0), last];
}

/**
 * Whether `kernel` is newer than `than`. Patch levels within a series count as equal, release candidates as older.
 */
export function isNewer(kernel: readonly number[], than: readonly number[]): boolean {
  for (const i of [0, 1]) if (kernel[i] !== than[i]) return kernel[i]! > than[i]!;
  return kernel[3] === Infinity && than[3] !== Infinity;
}

/** Compares dotted versions of programs for sorting: `4.8` comes before `4.10`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
