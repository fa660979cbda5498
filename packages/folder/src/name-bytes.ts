/** Names as UTF-8, one after the other: name i is bytes[starts[i]] … bytes[starts[i + 1] − 1]. */
export interface NameBytes {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** Encodes `count` names. One array for all: a million small ones would take a hundred bytes more for each. */
export function encodeNames(count: number, nameOf: (index: number) => string): NameBytes {
  const encoder = new TextEncoder();
  const starts = new Uint32Array(count + 1);
  let bytes = new Uint8Array(1 << 16);
  let used = 0;
  for (let i = 0; i < count; i++) {
    const name = nameOf(i);
    // three bytes are the most that one unit of UTF-16 becomes
    if (used + name.length * 3 > bytes.length) {
      const larger = new Uint8Array((used + name.length * 3) * 2);
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    used += encoder.encodeInto(name, bytes.subarray(used)).written;
    starts[i + 1] = used;
  }
  return { bytes: bytes.subarray(0, used), starts };
}
