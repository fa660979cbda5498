import type { TreeData } from '../src/picture/layout.ts';

/**
 * Identifies boxes in links by a hash of the functions on their path. A link made for another picture then leads to the
 * same functions or to none, whereas a box number would lead to an unrelated function.
 */
export class Paths {
  readonly #tree: TreeData;
  readonly #parents: Int32Array;
  #known: Uint32Array | undefined;

  constructor(tree: TreeData, parents: Int32Array) {
    this.#tree = tree;
    this.#parents = parents;
  }

  get #hashes(): Uint32Array {
    return (this.#known ??= hashesOf(this.#tree, this.#parents));
  }

  /** Computes the hashes in advance, so that the first zoom need not wait for them. */
  prepare(): void {
    void this.#hashes;
  }

  /** Returns the address of a box. It ends in a number if earlier boxes have the same path, as in a flame chart. */
  addressOf(box: number): string {
    if (box === 0) return '0';
    const hashes = this.#hashes;
    const hash = hashes[box]!;
    let before = 0;
    for (let other = 0; other < box; other++) if (hashes[other] === hash) before++;
    return hash.toString(36) + (before > 0 ? `.${before}` : '');
  }

  /** Returns the box with this address, or -1 if there is none. */
  boxAt(address: string): number {
    const [hash = '', before = '0'] = address.split('.');
    let box = -1;
    for (let left = Number(before); left >= 0; left--) {
      box = this.#hashes.indexOf(Number.parseInt(hash, 36), box + 1);
      if (box < 0) return -1;
    }
    return box;
  }
}

/** Returns the hash of each box's path. */
function hashesOf({ names, nameIds }: TreeData, parents: Int32Array): Uint32Array {
  const byName = names.map(hashOf);
  const hashes = new Uint32Array(parents.length);
  for (let box = 1; box < parents.length; box++) {
    const above = hashes[parents[box]!]!;
    hashes[box] = Math.imul(above ^ (above >>> 15) ^ byName[nameIds[box]!]!, 0x85ebca6b);
  }
  return hashes;
}

/** Returns the FNV-1a hash of a name's UTF-16 code units. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}
