/** Maximum length of a label to demangle, in UTF-16 code units. */
const LONGEST_LABEL = 1 << 14;

/**
 * Matches a mangled C++ (`_Z…`) or Rust (`_ZN…`, `_R…`) name that is a word in a label. On macOS, these names start
 * with an extra underscore.
 *
 *     libapp.so`_ZN3app3addEi.isra.0+0x10 [app]_[k]
 *               ^                   ^
 */
const MANGLED = /(?<=^|[ `!])_{1,2}(?:Z|R[A-Z])[\w.$]*(?=$|[ +@`]|_\[)/;

/** Suffixes that compilers add to copies of functions. Loop bodies (`._omp_fn.0`) and coroutines are not copies. */
const CLONE = String.raw`\.(?:isra|constprop|part|cold|llvm|lto_priv|localalias)(?:\.[\dA-F]+)*`;
const CLONES_OF_MANGLED = new RegExp(`(?:${CLONE})+$`);
const EACH_CLONE = new RegExp(CLONE, 'g');
const CLONES = new RegExp(
  String.raw`(?<=[\w$])(?:${CLONE})+(?=$|[ +@\`]|_\[)|(?: \[clone ${CLONE}\])+(?=$|[ +@\`]|_\[)`,
  'g',
);

/** The hash at the end of a Rust name, which perf and dtrace keep when they demangle the name. */
const RUST_HASH = /(?<=.)(?:::h[0-9a-f]{16})+(?=$|[ +@`]|_\[|\.)/g;

/** A label, split into its mangled name and the text around it. */
export interface MangledLabel {
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

/** Finds the first mangled name in a label. */
export function findMangled(label: string): MangledLabel | undefined {
  // most labels contain neither `_Z` nor `_R`, and this test is faster than the regular expression
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

/** Splits off the suffixes of copies: `_Z3foov.isra.0` becomes `_Z3foov` and `.isra.0`. */
export function splitClones(name: string): readonly [name: string, clones: string] {
  const at = name.includes('.') ? name.search(CLONES_OF_MANGLED) : -1;
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at)];
}

/** Writes suffixes as c++filt, gdb and perf do: `.part.1.cold` becomes ` [clone .part.1] [clone .cold]`. */
export function clonesText(clones: string): string {
  return clones && clones.replaceAll(EACH_CLONE, ' [clone $&]');
}

/**
 * Removes the hash at the end of a Rust name: `<T as U>::f::h0123456789abcdef` becomes `<T as U>::f`. The hash says
 * nothing about the function.
 */
export function withoutRustHash(label: string): string {
  return label.includes('::h') && label.length <= LONGEST_LABEL ? label.replaceAll(RUST_HASH, '') : label;
}

/** Removes the suffixes that compilers add to the names of a function's copies, such as `.constprop.0`. */
export function withoutClones(label: string): string {
  return label.includes('.') && label.length <= LONGEST_LABEL ? label.replaceAll(CLONES, '') : label;
}
