import { isIncomplete, LOSSES, type Facts } from '@stapflame/stacks';

/** The facts about the stacks that have no field in a profile; `pprof -comments` shows them. */
export function commentsOf(facts: Facts): string[] {
  const { losses = {}, beyondLimit, exportedOnly, inexact, reversed, base, kernel } = facts;
  const lost = LOSSES.filter((kind) => (losses[kind] ?? 0) > 0).map((kind) => `${kind}=${losses[kind]}`);
  return [
    ...(isIncomplete(facts) ? [`incomplete: ${lost.join(' ')}`] : []),
    ...(beyondLimit === undefined ? [] : [`beyond the sampler limit: ${beyondLimit}`]),
    ...(exportedOnly === undefined
      ? []
      : [`in unnamed functions of files that only name exported functions: ${exportedOnly}`]),
    ...(inexact === true ? ['a sum is beyond 2^53 and not exact'] : []),
    ...(reversed === true ? ['stacks are reversed: they run from the leaf'] : []),
    ...(base === undefined ? [] : [`stacks begin at ${base.join(', ')}`]),
    ...(kernel === undefined ? [] : [`kernel ${kernel}`]),
  ];
}
