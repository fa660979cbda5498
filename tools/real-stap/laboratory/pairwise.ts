/** The values that each factor may have. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;
export type Combination = Readonly<Record<string, unknown>>;

/**
 * Returns far fewer than all combinations, but each pair of values of two factors occurs at least once (as far as
 * `allowed` permits). The method is greedy, and its result is always the same.
 */
export function pairwise(
  factors: Factors,
  allowed: (combination: Combination) => boolean,
): readonly Combination[] {
  const names = Object.keys(factors);
  const open = new Set<string>();
  for (const candidate of pairs(names, factors)) open.add(candidate);
  const chosen: Combination[] = [];
  while (open.size > 0) {
    const best = build(open, names, factors, allowed);
    if (best === undefined) break;
    for (const pair of pairsOf(best, names)) open.delete(pair);
    chosen.push(best);
  }
  return chosen;
}

const key = (a: string, x: unknown, b: string, y: unknown): string =>
  JSON.stringify([a, x ?? null, b, y ?? null]);

function* pairs(names: readonly string[], factors: Factors): Generator<string> {
  for (const [i, a] of names.entries())
    for (const b of names.slice(i + 1))
      for (const x of factors[a]!) for (const y of factors[b]!) yield key(a, x, b, y);
}

function pairsOf(combination: Combination, names: readonly string[]): readonly string[] {
  return names.flatMap((a, i) => names.slice(i + 1).map((b) => key(a, combination[a], b, combination[b])));
}

/** Extends a missing pair to an allowed combination. Removes pairs from `open` that have none. */
function build(
  open: Set<string>,
  names: readonly string[],
  factors: Factors,
  allowed: (combination: Combination) => boolean,
): Combination | undefined {
  for (const pair of open) {
    const [a, x, b, y] = JSON.parse(pair) as [string, unknown, string, unknown];
    const value = (name: string, json: unknown): unknown => factors[name]!.find((v) => (v ?? null) === json);
    const grown = grow({ [a]: value(a, x), [b]: value(b, y) }, open, names, factors, allowed);
    if (grown) return Object.fromEntries(names.map((name) => [name, grown[name]]));
    open.delete(pair);
  }
  return undefined;
}

function grow(
  part: Combination,
  open: Set<string>,
  names: readonly string[],
  factors: Factors,
  allowed: (combination: Combination) => boolean,
): Combination | undefined {
  const next = names.find((name) => !(name in part));
  if (next === undefined) return allowed(part) ? part : undefined;
  const closes = (value: unknown): number =>
    Object.entries(part).filter(
      ([name, other]) => open.has(key(next, value, name, other)) || open.has(key(name, other, next, value)),
    ).length;
  for (const value of [...factors[next]!].sort((x, y) => closes(y) - closes(x))) {
    const whole = grow({ ...part, [next]: value }, open, names, factors, allowed);
    if (whole) return whole;
  }
  return undefined;
}
