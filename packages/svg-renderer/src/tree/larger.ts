/** Returns a longer array that starts with the same values. */
export function larger<T extends Int32Array | Uint16Array | Uint32Array | Float64Array>(
  array: T,
  length: number,
): T {
  const copy = new (array.constructor as new (length: number) => T)(length);
  copy.set(array);
  return copy;
}
