import { isIncomplete, LOSSES, type Facts } from '@stapflame/stacks';

/** What is known about the stacks but has no field in a profile; `pprof -comments` shows it. */
export function commentsOf(facts: Facts): string[] {
  const { losses = {}, beyondLimit, exportedOnly, inexact, reversed, base, kernel } = facts;
  const lost = LOSSES.filter((kind) => (losses[kind] ?? 0) > 0).map((kind) => `${kind}=${losses[kind]}`);
  return [
    ...(isIncomplete(facts) ? [`incomplete: ${lost.join(' ')}`] : []),
    ...(beyondLimit === undefined ? [] : [`beyond the limit of the sampler: ${beyondLimit}`]),
    ...(exportedOnly === undefined
      ? []
      : [
          `in functions without a name, of files that have names of exported functions only: ${exportedOnly}`,
        ]),
    ...(inexact === true ? ['a sum is beyond 2^53 and not exact'] : []),
    ...(reversed === true ? ['stacks are reversed: they run from the leaf'] : []),
    ...(base === undefined ? [] : [`stacks begin at ${base.join(', ')}`]),
    ...(kernel === undefined ? [] : [`kernel ${kernel}`]),
  ];
}
