import { isIncomplete, LOSSES, type Facts } from '@stapflame/stacks';

/** Returns comments for the facts that have no field in a profile. `pprof -comments` shows them. */
export function commentsOf(facts: Facts): string[] {
  const { losses = {}, beyondLimit, exportedOnly, inexact, reversed, base, kernel } = facts;
  const lost = LOSSES.filter((kind) => (losses[kind] ?? 0) > 0).map((kind) => `${kind}=${losses[kind]}`);
  return [
    ...(isIncomplete(facts) ? [`incomplete: ${lost.join(' ')}`] : []),
    ...(beyondLimit === undefined ? [] : [`beyond the sampler limit: ${beyondLimit}`]),
    ...(exportedOnly === undefined
      ? []
      : [`in unnamed functions of files that name only exported functions: ${exportedOnly}`]),
    ...(inexact === true ? ['a sum exceeds 2^53 and was rounded'] : []),
    ...(reversed === true ? ['stacks are reversed: they start at the leaf'] : []),
    ...(base === undefined ? [] : [`stacks begin at ${base.join(', ')}`]),
    ...(kernel === undefined ? [] : [`kernel ${kernel}`]),
  ];
}
