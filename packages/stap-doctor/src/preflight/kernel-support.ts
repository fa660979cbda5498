import { compareVersions } from './kernel-version.ts';

/**
 * The first SystemTap release that compiles modules for kernels with `task_work_cancel_func`. (The change is SystemTap
 * commit a64dc4e2e, made for Linux commit 68cbd415dd4b, which is in 6.11 and was backported to stable kernels.)
 */
export const KNOWS_TASK_WORK_RENAME = '5.2';
export const TASK_WORK_RENAME: readonly number[] = [6, 11, 0, 0];

/**
 * An old SystemTap release and the newest kernel it was tested with. Releases before 3.1 do not report that kernel
 * (openSUSE bug 975764).
 */
const UNTOLD = { release: '2.6', kernel: '3.18' };

/**
 * Returns the newest kernel that this release was tested with, preferably as SystemTap itself reports it. Returns
 * `undefined` if that kernel is not known.
 *
 * @param told the kernel that `stap -V` reports (since version 3.1)
 */
export function testedUpTo(release: string, told: string | undefined): string | undefined {
  if (told !== undefined) return told;
  return compareVersions(release, UNTOLD.release) <= 0 ? UNTOLD.kernel : undefined;
}
