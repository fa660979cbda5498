import { compareVersions } from './kernel-version.ts';

/**
 * The first release that compiles for a kernel with `task_work_cancel_func` (commit a64dc4e2e of SystemTap, for
 * commit 68cbd415dd4b of Linux: 6.11, and stable kernels of older series that took it over).
 */
export const KNOWS_TASK_WORK_RENAME = '5.2';
export const TASK_WORK_RENAME: readonly number[] = [6, 11, 0, 0];

/**
 * The newest kernel that releases before 3.1 were tested with. They do not say so themselves (openSUSE's bug
 * 975764).
 */
const UNTOLD = { release: '2.6', kernel: '3.18' };

/**
 * The newest kernel that this release was tested with, as it says itself; `undefined` if it is not known.
 *
 * @param told by `stap -V`, from 3.1 on
 */
export function testedUpTo(release: string, told: string | undefined): string | undefined {
  if (told !== undefined) return told;
  return compareVersions(release, UNTOLD.release) <= 0 ? UNTOLD.kernel : undefined;
}
