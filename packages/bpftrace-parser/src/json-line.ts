/** A map element. Its keys are formatted as in text output, which has them in brackets. */
export type JsonElement = readonly [map: string, keys: string, count: number];

/**
 * Returns a line's map elements: an empty array if the line is JSON without a map, and `undefined` if it is not JSON.
 *
 *     {"type": "map", "data": {"@": {"\n    vfs_read+187\n    ksys_read+111\n,burn": 12}}}
 */
export function mapsOf(line: string): readonly JsonElement[] | undefined {
  let told: { readonly type?: unknown; readonly data?: unknown } | null;
  try {
    told = JSON.parse(line);
  } catch {
    return undefined;
  }
  return told?.type !== 'map'
    ? []
    : entriesOf(told.data).flatMap(([name, elements]) =>
        entriesOf(elements).flatMap(([key, count]) =>
          typeof count === 'number' && count >= 0 ? [[name, key, count] as const] : [],
        ),
      );
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
