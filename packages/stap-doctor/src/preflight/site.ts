import { parseOsRelease, type Site } from '../distribution.ts';
import type { Facts } from './facts.ts';

/** Where commands for this machine are typed. */
export function siteOf({ osRelease, kernel, user }: Facts): Site {
  return { distribution: parseOsRelease(osRelease), kernel: kernel.release, root: user.uid === 0 };
}

/** Where commands for the target's files are typed: in its container, or here. */
export function moduleSiteOf(facts: Facts): Site {
  return { ...siteOf(facts), distribution: parseOsRelease(facts.moduleOsRelease) };
}
