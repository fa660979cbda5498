import type { ReadSummary } from '@stapflame/stacks';
import type { DamageReason, ParserSummary } from '@stapflame/stap-parser';

type Damaged = Pick<ParserSummary | ReadSummary, 'damaged' | 'damagedWeight' | 'damage'>;
type Damage = Damaged['damage'][number];

/** Advice by damage reason, for records that are damaged only because they exceed a limit. */
const ADVICE: Readonly<Partial<Record<DamageReason, string>>> = {
  'long-record': 'raise the limit with --max-record-lines',
};

/** Describes where and how a record is damaged, such as `at byte 120 (framing)`. */
export function describeDamage({ offset, reason }: Pick<Damage, 'offset' | 'reason'>): string {
  const advice = ADVICE[reason];
  return `at byte ${offset} (${reason}${advice === undefined ? '' : `: ${advice}`})`;
}

/** Reports how many records are damaged, where the first one is, and what happened to their weight. */
export function damageText(trace: Damaged): string {
  const { damaged, damage } = trace;
  const records = damaged === 1 ? '1 record is damaged,' : `${damaged} records are damaged, the first`;
  return `${records} ${describeDamage(damage[0]!)}; ${weightText(trace)}`;
}

/**
 * Describes what happened to the weight of the damaged records. A record with an unreadable count has no weight, and a
 * repeated record is still in the output.
 */
function weightText({ damaged, damagedWeight, damage }: Damaged): string {
  const reasons = new Set(damage.map(({ reason }) => reason));
  const whose = damaged === 1 ? 'its' : 'their';
  if (damagedWeight > 0)
    return reasons.has('count') || reasons.has('repeated')
      ? `${damagedWeight} of ${whose} weight is in [damaged]`
      : `${whose} weight is in [damaged]`;
  return reasons.has('repeated')
    ? 'the trace contains more samples than were taken'
    : `${whose} weight cannot be read`;
}
