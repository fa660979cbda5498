import type { Frame } from '@stapflame/stacks';

/**
 * The name by which a frame is merged and sorted. The name is the label and, if frames are merged by all of their
 * fields, the other fields after it. A label contains no control characters, so names sort in the order of their
 * labels.
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
