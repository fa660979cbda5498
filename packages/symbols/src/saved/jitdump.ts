/** Maximum number of records that are read. No JIT writes more. */
const MOST_RECORDS = 1 << 20;
/** Maximum length of a name in bytes. Longer names are shortened. */
const LONGEST_NAME = 1 << 12;
const HEADER_BYTES = 40;
const RECORD_BYTES = 16;
const CODE_LOAD = 0;
const CODE_MOVE = 1;
/** Offsets of fields in the records for loaded code and for moved code. */
const LOADED = { address: 32, size: 40, index: 48, name: 56 } as const;
const MOVED = { address: 40, size: 48, index: 56, end: 64 } as const;
/** The first bytes of little-endian and big-endian files. */
const LITTLE = 'DTiJ';
const BIG = 'JiTD';

/** Whether the bytes are a jitdump, a file `jit-PID.dump` that a JIT writes for perf. */
export function isJitdump(bytes: Uint8Array): boolean {
  return [LITTLE, BIG].includes(magicOf(bytes));
}

/**
 * Converts a jitdump to a perf map. Moved code is listed again at its new address, which works because later lines of a
 * perf map take precedence. Reading stops at a truncated or damaged record.
 */
export function perfMapOfJitdump(bytes: Uint8Array): string {
  const isLittle = magicOf(bytes) === LITTLE;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u32 = (at: number): number => view.getUint32(at, isLittle);
  const u64 = (at: number): bigint => view.getBigUint64(at, isLittle);
  const lines: string[] = [];
  const names = new Map<bigint, string>();
  let at = bytes.length < HEADER_BYTES ? bytes.length : Math.max(HEADER_BYTES, u32(8));
  for (let records = 0; records < MOST_RECORDS && at + RECORD_BYTES <= bytes.length; records++) {
    const [kind, size] = [u32(at), u32(at + 4)];
    const end = at + size;
    if (size < RECORD_BYTES || end > bytes.length) break;
    const { address, size: length, index, name } = LOADED;
    if (kind === CODE_LOAD && size > name) {
      const text = nameIn(bytes.subarray(at + name, end));
      names.set(u64(at + index), text);
      lines.push(lineOf(u64(at + address), u64(at + length), text));
    } else if (kind === CODE_MOVE && size >= MOVED.end) {
      const text = names.get(u64(at + MOVED.index));
      if (text !== undefined) lines.push(lineOf(u64(at + MOVED.address), u64(at + MOVED.size), text));
    }
    at = end;
  }
  return lines.join('');
}

function magicOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 4));
}

function lineOf(address: bigint, size: bigint, name: string): string {
  return `${address.toString(16)} ${size.toString(16)} ${name}\n`;
}

/** Returns the name at the start of the bytes. It ends with a zero byte, and the function's code follows. */
function nameIn(bytes: Uint8Array): string {
  const limited = bytes.subarray(0, LONGEST_NAME);
  const end = limited.indexOf(0);
  const name = new TextDecoder().decode(limited.subarray(0, end < 0 ? limited.length : end));
  return name.replaceAll(/\p{Cc}/gu, ' ').trim() || '[unknown]';
}
