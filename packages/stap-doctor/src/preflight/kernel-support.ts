import { compareVersions } from './kernel-version.ts';

/**
 * The first release that compiles for a kernel with `task_work_cancel_func` (SystemTap commit a64dc4e2e, for Linux
 * commit 68cbd415dd4b, in 6.11 and in stable kernels with a backport).
 */
export const KNOWS_TASK_WORK_RENAME = '5.2';
export const TASK_WORK_RENAME: readonly number[] = [6, 11, 0, 0];

/** The newest kernel that releases before 3.1 were tested with. They do not report it (openSUSE bug 975764). */
const UNTOLD = { release: '2.6', kernel: '3.18' };

/**
 * The newest kernel that this release was tested with, by its own report if there is one; `undefined` if not known.
 *
 * @param told the kernel that `stap -V` reports, from 3.1 on
 */
export function testedUpTo(release: string, told: string | undefined): string | undefined {
  if (told !== undefined) return told;
  return compareVersions(release, UNTOLD.release) <= 0 ? UNTOLD.kernel : undefined;
}
