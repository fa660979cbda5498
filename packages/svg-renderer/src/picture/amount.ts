/** Formats amounts for the user, both when the file is written and in the browser. */

/** Units of time by name, in seconds. */
const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1 };
const SCALE: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
  ['ms', 1e-3],
  ['µs', 1e-6],
  ['ns', 1e-9],
];
/** Number of significant decimal digits that a double always preserves. */
const EXACT_DIGITS = 15;

/** The unit that weights are shown in. */
export interface Unit {
  readonly countname: string;
  /** Factor that weights are multiplied by before they are shown. */
  readonly factor: number;
}

/** Formats a weight with its unit: `1,234 samples`, `1 sample`, `17 min 20 s (1,040,158,303 us)`. */
export function counted(weight: number, { factor, countname }: Unit): string {
  const value = weight * factor;
  const shown = count(value);
  const seconds = SECONDS[countname];
  if (seconds !== undefined) {
    const time = duration(value * seconds);
    const given = `${shown} ${countname}`;
    return time === given.replace(' us', ' µs') ? time : `${time} (${given})`;
  }
  return `${shown} ${shown === '1' && countname === 'samples' ? 'sample' : countname}`;
}

/** Formats a number with its digits in groups of three. Decimals are not grouped. */
export function count(value: number): string {
  const digits = Number.isInteger(value)
    ? BigInt(value).toString()
    : String(Number(value.toPrecision(EXACT_DIGITS)));
  const [whole, ...decimals] = digits.split('.');
  return [whole!.replaceAll(/\B(?=(?:\d{3})+$)/g, ','), ...decimals].join('.');
}

/** Formats a time with its two largest units (`1 h 2 min`, `17 min 20 s`), or with three digits (`2.25 ms`). */
function duration(seconds: number): string {
  const at = SCALE.findIndex(([, size]) => seconds >= size);
  const [name, size] = SCALE[at] ?? SCALE.at(-1)!;
  if (size <= 1) return `${Number((seconds / size).toPrecision(3))} ${name}`;
  const [smaller, smallerSize] = SCALE[at + 1]!;
  const parts = Math.round(seconds / smallerSize);
  const inLarger = Math.round(size / smallerSize);
  const rest = parts % inLarger;
  return `${count(Math.floor(parts / inLarger))} ${name}${rest > 0 ? ` ${rest} ${smaller}` : ''}`;
}

export function percent(weight: number, of: number): string {
  return `${of > 0 ? ((100 * weight) / of).toFixed(2) : '0.00'} %`;
}
