/** Number of bits in a filter (2 MiB). */
const BITS = 1 << 24;
const BITS_OF_A_NAME = 3;

/** A Bloom filter. It may report names that were not added, but it never misses a name that was added. */
export class NameFilter {
  readonly #words = new Uint32Array(BITS / 32);

  add(name: Uint8Array, length: number): void {
    let hash = hashOf(name, length);
    for (let i = 0; i < BITS_OF_A_NAME; i++, hash = nextOf(hash))
      this.#words[(hash & (BITS - 1)) >>> 5]! |= 1 << (hash & 31);
  }

  has(name: Uint8Array, length: number): boolean {
    let hash = hashOf(name, length);
    for (let i = 0; i < BITS_OF_A_NAME; i++, hash = nextOf(hash))
      if ((this.#words[(hash & (BITS - 1)) >>> 5]! & (1 << (hash & 31))) === 0) return false;
    return true;
  }
}

/** FNV-1a. */
function hashOf(name: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ name[i]!, 0x01000193);
  return mixed(hash);
}

function nextOf(hash: number): number {
  return mixed(Math.imul(hash, 0x9e3779b1) + 1);
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return once ^ (once >>> 13);
}
