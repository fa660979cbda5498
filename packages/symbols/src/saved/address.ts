/** Matches the hexadecimal digits of an address of up to 64 bits. */
const DIGITS = /^(?:0x)?([0-9a-f]{1,16})$/i;
/** Number of hexadecimal digits that a double always represents exactly. */
const FITTING_DIGITS = 13;

/**
 * Converts an address to a number. Returns `undefined` if the string is not an address. Kernel addresses (2^63 and
 * above) become negative numbers, so that a double can represent every real code address exactly.
 */
export function addressOf(text: string): number | undefined {
  const digits = DIGITS.exec(text)?.[1];
  if (digits === undefined) return undefined;
  if (digits.length <= FITTING_DIGITS) return Number.parseInt(digits, 16);
  const address = Number(BigInt.asIntN(64, BigInt(`0x${digits}`)));
  return Number.isSafeInteger(address) ? address : undefined;
}
