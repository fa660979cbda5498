import { compareVersions } from './kernel-version.ts';

/**
 * The newest kernel each release of SystemTap was tested with, as its source says (`session.cxx` at the tag
 * `release-…`, printed by `stap -V` from 3.1 on). For 2.6 and older: openSUSE's bug 975764.
 */
const TESTED_UP_TO: readonly (readonly [release: string, kernel: string])[] = [
  ['2.6', '3.18'],
  ['3.1', '4.10-rc8'],
  ['3.2', '4.11'],
  ['3.3', '4.18-rc0'],
  ['4.0', '4.19-rc7'],
  ['4.1', '5.1-rc2'],
  ['4.2', '5.4-rc6'],
  ['4.3', '5.7.0'],
  ['4.4', '5.10.0-rc'],
  ['4.5', '5.12.0-rc2'],
  ['4.6', '5.15.0-rc7'],
  ['4.7', '5.18-rc3'],
  ['4.8', '6.1.0-rc3'],
  ['4.9', '6.3.0-rc1'],
  ['5.0', '6.6-rc1'],
  ['5.1', '6.9-rc0'],
  ['5.2', '6.12-rc'],
  ['5.3', '6.15-rc'],
  ['5.4', '6.18-rc'],
  ['5.5', '7.0'],
];

/**
 * The first release that compiles for a kernel with `task_work_cancel_func` (commit a64dc4e2e of SystemTap, for
 * commit 68cbd415dd4b of Linux: 6.11, and stable kernels of older series that took it over).
 */
export const KNOWS_TASK_WORK_RENAME = '5.2';
export const TASK_WORK_RENAME: readonly number[] = [6, 11, 0, 0];

/** The newest kernel that this release was tested with; `undefined` where nobody wrote it down. */
export function testedUpTo(release: string): string | undefined {
  const fits = TESTED_UP_TO.filter(([tested]) => compareVersions(tested, release) <= 0);
  const [tested, kernel] = fits.at(-1) ?? TESTED_UP_TO[0]!;
  // between 2.6 and 3.1, and past the last one, nothing is known
  const known = compareVersions(tested, release) === 0 || compareVersions(release, '2.6') <= 0;
  return known ? kernel : undefined;
}

/** The first release that was tested with kernels of this series or newer ones. */
export function releaseFor(isTested: (kernel: string) => boolean): string | undefined {
  return TESTED_UP_TO.find(([, kernel]) => isTested(kernel))?.[0];
}
