const MEMORY_SECTION = 5;
const HEADER_BYTES = 8;
const HAS_MAXIMUM = 1;

/**
 * Adds a maximum, in pages of 64 KiB, to the memory of a WebAssembly module. The demangler's memory has no maximum of
 * its own, and a name of 240 characters can expand to a gigabyte in half a minute. With a maximum, the demangler traps
 * within a millisecond.
 *
 *     before   5 │ size │ 1 │ 0 │ minimum
 *     after    5 │ size │ 1 │ 1 │ minimum │ maximum
 */
export function withMemoryLimit(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES;
  while (at < module.length) {
    const [size, body] = readNumber(module, at + 1);
    if (module[at] !== MEMORY_SECTION) {
      at = body + size;
      continue;
    }
    const [minimum] = readNumber(module, body + 2);
    const limits = [1, HAS_MAXIMUM, ...numberBytes(minimum), ...numberBytes(pages)];
    const section = [MEMORY_SECTION, ...numberBytes(limits.length), ...limits];
    const rest = module.subarray(body + size);
    const limited = new Uint8Array(at + section.length + rest.length);
    limited.set(module.subarray(0, at));
    limited.set(section, at);
    limited.set(rest, at + section.length);
    return limited;
  }
  throw new Error('the module does not define a memory');
}

/** Returns the LEB128 number at `at`, and the position after it. */
function readNumber(bytes: Uint8Array, at: number): readonly [number, number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}

function numberBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(value >>> 7)];
}
