/** Like `src/host-prefix.ts`, reads the host prefix (`N: `) of each line in a trace from several hosts. */
import { Kernel } from './state';
import { Tokens } from './tokens';

// these values must be the same as in src/scanner.ts
const TOKEN_HOST: u32 = 0x80000006;
const TOKEN_ADDRESS: u32 = 0x80000007;
const KEPT: u32 = 0x100;
const MOST_DIGITS: u32 = 9;

/** Sixteen hexadecimal digits. */
const digitsAt: usize = memory.data(16);

export class Host {
  /** Whether lines have prefixes. */
  static prefixed: bool = false;
  /** Whether the line is between unprefixed `#<` and `#>` lines, where a thread name can look like a prefix. */
  static inFrame: bool = false;
  /** The last line's host, and the number of digits in its prefix (0 if there is no prefix). */
  static number: u32 = 0;
  static digits: u32 = 0;
  /** Whether the host has changed and no line from the new host has been read yet. */
  static fresh: bool = false;
  /** The last prefix read. */
  static nextNumber: u32 = 0;
  static nextDigits: u32 = 0;
}

export function resetHost(): void {
  Host.prefixed = Host.inFrame = Host.fresh = false;
  Host.number = Host.digits = 0;
}

/** Reads the line's prefix, if it has one, and returns the position after the prefix. */
export function afterPrefix(line: usize, end: usize): usize {
  let at = line;
  let value: u32 = 0;
  if (!Host.inFrame) {
    while (at < end && <u32>load<u8>(at) - 48 < 10 && at - line <= MOST_DIGITS) {
      value = value * 10 + <u32>load<u8>(at) - 48;
      at++;
    }
    // ': '
    if (at > line && <u32>(at - line) <= MOST_DIGITS && at + 2 <= end && load<u16>(at) == 0x203a) {
      Host.nextNumber = value;
      Host.nextDigits = <u32>(at - line);
      return at + 2;
    }
  }
  Host.nextNumber = Host.nextDigits = 0;
  return line;
}

/** Whether the last prefix read differs from the previous line's prefix. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function isOtherHost(): bool {
  return Host.nextNumber != Host.number || Host.nextDigits != Host.digits;
}

/** Stores at `to` the token for the host change at the input position `position`. Returns the token's end. */
export function changeHost(to: usize, position: u32): usize {
  store<u32>(to, TOKEN_HOST);
  store<u32>(to, Host.nextNumber, 4);
  store<u32>(to, Host.nextDigits | (Host.fresh ? KEPT : 0), 8);
  store<u32>(to, position, 12);
  storeAddress(to + 16);
  Host.number = Host.nextNumber;
  Host.digits = Host.nextDigits;
  Host.fresh = true;
  Kernel.valid = false;
  return to + 24;
}

/** Stores at `to` the token for the kernel address in a host's first line. Returns the token's end. */
export function giveAddress(to: usize): usize {
  store<u32>(to, TOKEN_ADDRESS);
  storeAddress(to + 4);
  return to + 12;
}

/** Stores the previous line's kernel address, upper half first, or 0 if the line had no kernel address. */
function storeAddress(to: usize): void {
  let address: u64 = 0;
  if (Kernel.valid) {
    v128.store(digitsAt, Kernel.address);
    for (let i: usize = 0; i < 16; i++) {
      const digit = <u64>load<u8>(digitsAt + i);
      address = (address << 4) | (digit < 58 ? digit - 48 : digit - 87);
    }
  }
  store<u32>(to, <u32>(address >>> 32));
  store<u32>(to, <u32>address, 4);
}

/** Emits a host change. */
export function emitHost(tokens: usize, position: u32): void {
  const at = tokens + (<usize>Tokens.count << 2);
  Tokens.count += <u32>(changeHost(at, position) - at) >> 2;
}
