/** The tokens that the scanner writes, in 32-bit words. */
import { tokens } from './memory';

// these values must be the same as in src/scanner.ts
export const SAME_ADDRESS: u32 = 0x40000000;
export const TOKEN_COUNT: u32 = 0x80000000;
export const TOKEN_OPEN: u32 = 0x80000001;
export const TOKEN_CLOSE: u32 = 0x80000002;
export const TOKEN_STRAY_CLOSE: u32 = 0x80000003;
export const TOKEN_BLANK: u32 = 0x80000004;
export const TOKEN_EVENT: u32 = 0x80000005;

export class Tokens {
  /** Number of words in the token buffer. */
  static count: u32 = 0;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function emit(word: u32): void {
  store<u32>(tokens + (<usize>Tokens.count << 2), word);
  Tokens.count++;
}
