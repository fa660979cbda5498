import type { Frame } from '@stapflame/stacks';

/**
 * A frame as a name, by which it is told from others and sorted: its label and, where frames are merged by all of
 * their fields, the others behind it. A label holds no control character, so that names sort as their labels do.
 */
const FIELDS = '\u0002';

export function frameToName({ label, ...fields }: Frame): string {
  const rest = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (rest.length === 0) return label;
  return `${label}${FIELDS}${JSON.stringify(Object.fromEntries(rest.sort(byKey)))}`;
}

export function nameToFrame(name: string): Frame {
  const at = name.indexOf(FIELDS);
  return at < 0
    ? { label: name }
    : { label: name.slice(0, at), ...(JSON.parse(name.slice(at + 1)) as object) };
}

export function nameToLabel(name: string): string {
  const at = name.indexOf(FIELDS);
  return at < 0 ? name : name.slice(0, at);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
