/** Longer labels stay unchanged. */
const LONGEST_LABEL = 1 << 14;

/**
 * A mangled C++ (`_Z…`) or Rust (`_ZN…`, `_R…`) name as a word of a label. macOS puts one more underscore in front.
 *
 *     libapp.so`_ZN3app3addEi.isra.0+0x10 [app]_[k]
 *               ^                   ^
 */
const MANGLED = /(?<=^|[ `!])_{1,2}(?:Z|R[A-Z])[\w.$]*(?=$|[ +@`]|_\[)/;

/** Suffixes of the compiler's copies of a function. Loop bodies (`._omp_fn.0`) and coroutines are not copies. */
const CLONE = String.raw`\.(?:isra|constprop|part|cold|llvm|lto_priv|localalias)(?:\.[\dA-F]+)*`;
const CLONES_OF_MANGLED = new RegExp(`(?:${CLONE})+$`);
const EACH_CLONE = new RegExp(CLONE, 'g');
const CLONES = new RegExp(
  String.raw`(?<=[\w$])(?:${CLONE})+(?=$|[ +@\`]|_\[)|(?: \[clone ${CLONE}\])+(?=$|[ +@\`]|_\[)`,
  'g',
);

/** The hash that perf and dtrace leave in a Rust name after demangling the rest of it. */
const RUST_HASH = /(?<=.)(?:::h[0-9a-f]{16})+(?=$|[ +@`]|_\[|\.)/g;

/** A label, split at the mangled name in it. */
export interface MangledLabel {
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

/** Finds the first mangled name in a label. */
export function findMangled(label: string): MangledLabel | undefined {
  // most labels contain neither text, and this search is faster than the regular expression
  if (!label.includes('_Z') && !label.includes('_R')) return undefined;
  const match = label.length > LONGEST_LABEL ? null : MANGLED.exec(label);
  if (!match) return undefined;
  const [name] = match;
  return {
    before: label.slice(0, match.index),
    name,
    after: label.slice(match.index + name.length),
  };
}

/** Splits a mangled name from the suffix of the compiler's copy: `_Z3foov` and `.isra.0`. */
export function splitClones(name: string): readonly [name: string, clones: string] {
  const at = name.includes('.') ? name.search(CLONES_OF_MANGLED) : -1;
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at)];
}

/** `.part.1.cold` in the form of c++filt, gdb and perf: ` [clone .part.1] [clone .cold]`. */
export function clonesText(clones: string): string {
  return clones && clones.replaceAll(EACH_CLONE, ' [clone $&]');
}

/**
 * `<T as U>::f` from `<T as U>::f::h0123456789abcdef`: the hash at the end of a Rust name says nothing about the
 * function.
 */
export function withoutRustHash(label: string): string {
  return label.includes('::h') && label.length <= LONGEST_LABEL ? label.replaceAll(RUST_HASH, '') : label;
}

/** The label without the suffixes of copies. */
export function withoutClones(label: string): string {
  return label.includes('.') && label.length <= LONGEST_LABEL ? label.replaceAll(CLONES, '') : label;
}
