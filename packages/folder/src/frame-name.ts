import type { Frame } from '@stapflame/stacks';

/**
 * Separates the label from the other fields in a frame's name. Frames are merged and sorted by name. The name is the
 * label alone or, if frames are merged by all fields, the label followed by the other fields. Labels contain no control
 * characters, so sorting frames by name also sorts them by label.
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
