const encoder = new TextEncoder();

/** Encodes labels as UTF-8, one at a time, into the same array. */
export class NameEncoder {
  /** An array that starts with the most recently encoded label. */
  bytes: Uint8Array = new Uint8Array(1 << 10);

  /** Encodes a label and returns its length in bytes. */
  encode(label: string): number {
    // a UTF-16 code unit becomes at most three bytes
    if (label.length * 3 > this.bytes.length) this.bytes = new Uint8Array(label.length * 6);
    return encoder.encodeInto(label, this.bytes).written;
  }
}
