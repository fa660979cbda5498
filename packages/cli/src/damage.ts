import type { Damage, DamageReason } from '@stapflame/stap-parser';

/** What to do about a record that is damaged only because it is over a limit. */
const ADVICE: Readonly<Partial<Record<DamageReason, string>>> = {
  'long-record': 'allow more (--max-record-lines)',
};

/** Where a record is damaged, and why: `at byte 120 (framing)`. */
export function describeDamage({ offset, reason }: Pick<Damage, 'offset' | 'reason'>): string {
  const advice = ADVICE[reason];
  return `at byte ${offset} (${reason}${advice === undefined ? '' : `: ${advice}`})`;
}
