/** The exports of the module: wasm-bindgen's interface. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, alignment: number): number;
  __wbindgen_free(at: number, bytes: number, alignment: number): void;
  demangle_any(at: number, bytes: number): readonly [at: number, bytes: number];
}

/** Longest mangled name, in bytes; the longest of 137,000 names in Node, LLVM and rustc has 657. */
const LONGEST_NAME = 1 << 13;
/**
 * The longest result: a constant plus a multiple of the name's length. Some real names become twelve times as
 * long. A hostile name can double with every ten characters.
 */
const LONGEST_RESULT = { least: 1 << 10, times: 16 };
/** Number of names that may exceed the limits; together they cost about a second. */
const MOST_REFUSED = 200;

/**
 * Demangles C++ and Rust names with cpp_demangle and rustc-demangle in WebAssembly, loaded for the first name.
 * A name that needs too much memory traps: the name stays mangled, and the next one gets a new instance.
 */
export class WasmDemangler {
  readonly #compile: () => WebAssembly.Module;
  readonly #decoder = new TextDecoder();
  #module: WebAssembly.Module | undefined;
  #exports: Exports | undefined;
  /** A view of its memory. Its length becomes 0 when the memory grows. */
  #memory = new Uint8Array();
  #refused = 0;
  /** WebAssembly, or the memory for it, is missing. */
  #isMissing = false;

  constructor(compile: () => WebAssembly.Module) {
    this.#compile = compile;
  }

  /** Too many names took too much time, so the caller should request no more. */
  get gaveUp(): boolean {
    return this.#refused >= MOST_REFUSED;
  }

  /**
   * The name as written in the source; `undefined` if the text is not a mangled name, or too costly.
   *
   * @param name a mangled name, which is always ASCII
   */
  demangle(name: string): string | undefined {
    if (name.length > LONGEST_NAME) return undefined;
    const exports = this.#instance();
    if (!exports) return undefined;
    try {
      const demangled = this.#call(exports, name);
      // if the text is not a mangled name, it is returned without its first underscore
      return demangled === undefined || name.endsWith(demangled) ? undefined : demangled;
    } catch (error) {
      if (!isTrap(error)) throw error;
      this.#refused++;
      this.#exports = undefined;
      return undefined;
    }
  }

  #call(wasm: Exports, name: string): string | undefined {
    const at = wasm.__wbindgen_malloc(name.length, 1) >>> 0;
    const memory = this.#memoryOf(wasm);
    // for such short texts this is faster than an encoder
    for (let i = 0; i < name.length; i++) memory[at + i] = name.charCodeAt(i);
    const [resultAt, length] = wasm.demangle_any(at, name.length);
    const isTooLong = length > LONGEST_RESULT.least + name.length * LONGEST_RESULT.times;
    if (isTooLong) this.#refused++;
    const from = resultAt >>> 0;
    const text = isTooLong
      ? undefined
      : this.#decoder.decode(this.#memoryOf(wasm).subarray(from, from + length));
    wasm.__wbindgen_free(resultAt, length, 1);
    return text;
  }

  /** The view is made only once: when the memory grows, the view loses its length. */
  #memoryOf({ memory }: Exports): Uint8Array {
    if (this.#memory.length === 0) this.#memory = new Uint8Array(memory.buffer);
    return this.#memory;
  }

  #instance(): Exports | undefined {
    if (this.#exports || this.#isMissing) return this.#exports;
    try {
      this.#module ??= this.#compile();
      const { exports } = new WebAssembly.Instance(this.#module, {
        './index_bg.js': { __wbindgen_init_externref_table: () => undefined },
      });
      this.#exports = exports as unknown as Exports;
      this.#memory = new Uint8Array();
      this.#exports.__wbindgen_start();
    } catch (error) {
      if (!isNoWebAssembly(error)) throw error;
      this.#isMissing = true;
    }
    return this.#exports;
  }
}

/** The module reached its memory limit or its call depth limit. */
function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** `node --jitless` has no WebAssembly; an address space limit (`ulimit -v`) leaves no room for its memory. */
function isNoWebAssembly(error: unknown): boolean {
  return error instanceof ReferenceError || error instanceof RangeError;
}
