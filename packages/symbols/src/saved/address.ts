/** Hexadecimal digits of an address, of 64 bits at most. */
const DIGITS = /^(?:0x)?([0-9a-f]{1,16})$/i;
/** So many digits fit a double whatever they are. */
const FITTING_DIGITS = 13;

/**
 * An address as a number, or `undefined` where the text is none. Those of the kernel, from 2^63 on, become negative:
 * so every address that code really has is a whole number that a double holds exactly.
 */
export function addressOf(text: string): number | undefined {
  const digits = DIGITS.exec(text)?.[1];
  if (digits === undefined) return undefined;
  if (digits.length <= FITTING_DIGITS) return Number.parseInt(digits, 16);
  const address = Number(BigInt.asIntN(64, BigInt(`0x${digits}`)));
  return Number.isSafeInteger(address) ? address : undefined;
}
