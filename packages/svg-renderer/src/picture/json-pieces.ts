/** Number of array elements in a chunk. */
const ELEMENTS = 1 << 12;

/**
 * Converts data to JSON. Returns the JSON in chunks, because a column has an element for each box and can be long.
 * Typed arrays become plain arrays.
 */
export function* jsonPieces(data: unknown): Generator<string> {
  if (isArray(data)) yield* ofArray(data);
  else if (typeof data === 'object' && data !== null) yield* ofObject(data);
  else yield JSON.stringify(data);
}

function* ofArray(array: readonly unknown[]): Generator<string> {
  yield '[';
  for (let at = 0; at < array.length; at += ELEMENTS) {
    const elements = JSON.stringify(Array.from(array.slice(at, at + ELEMENTS)));
    yield `${at > 0 ? ',' : ''}${elements.slice(1, -1)}`;
  }
  yield ']';
}

function* ofObject(object: object): Generator<string> {
  yield '{';
  let separator = '';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* jsonPieces(value);
    separator = ',';
  }
  yield '}';
}

function isArray(data: unknown): data is readonly unknown[] {
  return Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView));
}
