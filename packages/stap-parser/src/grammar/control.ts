/**
 * Whether a line contains a byte that no line in a trace should contain: 00–08, 0B, 0C, 0E–1F or 7F. Such bytes are
 * left from a buffer's header when one of SystemTap's transport buffers is lost. A CR within a line does not count,
 * because `labelOf` replaces it.
 */
export function hasControlByte(bytes: Uint8Array): boolean {
  return bytes.some((byte) => (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f);
}

/** Like {@link hasControlByte}, for a decoded line. */
export function hasControl(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
}
