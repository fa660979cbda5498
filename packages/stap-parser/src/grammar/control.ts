/**
 * Whether a line contains a byte that no line in a trace should contain: 00–08, 0B, 0C, 0E–1F or 7F. When one of
 * SystemTap's transport buffers is lost, such bytes remain from a buffer's header. A CR within a line does not count,
 * because `labelOf` replaces it.
 */
export function hasControlByte(bytes: Uint8Array): boolean {
  return bytes.some((byte) => (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f);
}

/** The same for a decoded line. */
export function hasControl(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
}
