/** The exports of the module, which is wasm-bindgen's interface. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, alignment: number): number;
  __wbindgen_free(at: number, bytes: number, alignment: number): void;
  demangle_any(at: number, bytes: number): readonly [at: number, bytes: number];
}

/** Longest mangled name, in bytes; the longest of 137,000 in Node, LLVM and rustc has 657. */
const LONGEST_NAME = 1 << 13;
/**
 * The longest result: a constant plus a multiple of the name's length. Some real names become twelve times as
 * long. A hostile name can double with every ten characters.
 */
const LONGEST_RESULT = { least: 1 << 10, times: 16 };
/** How many names may exceed the limits; together they cost about a second. */
const MOST_REFUSED = 200;

/**
 * Demangles C++ and Rust names by cpp_demangle and rustc-demangle in WebAssembly, loaded when the first name comes.
 * A name that takes too much memory traps: the name stays mangled, and the next one gets a new instance.
 */
export class WasmDemangler {
  readonly #compile: () => WebAssembly.Module;
  readonly #decoder = new TextDecoder();
  #module: WebAssembly.Module | undefined;
  #exports: Exports | undefined;
  /** A view of its memory. Its length becomes 0 when the memory grows. */
  #memory = new Uint8Array();
  #refused = 0;
  /** There is no WebAssembly, or no memory for it. */
  #isMissing = false;

  constructor(compile: () => WebAssembly.Module) {
    this.#compile = compile;
  }

  /** Too many names took too much time, so no more should be asked for. */
  get gaveUp(): boolean {
    return this.#refused >= MOST_REFUSED;
  }

  /**
   * The name as it was written in the source; `undefined` if the text is not a mangled name, or takes too much.
   *
   * @param name in ASCII, as mangled names are
   */
  demangle(name: string): string | undefined {
    if (name.length > LONGEST_NAME) return undefined;
    const exports = this.#instance();
    if (!exports) return undefined;
    try {
      const demangled = this.#call(exports, name);
      // a text that is not a mangled name comes back without its first underscore
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
    // quicker than an encoder for texts as short as these
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

  /** A view of the memory is made once: when the memory grows, the view loses its length. */
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

/** The module reached its limit of memory or of call depth. */
function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** `node --jitless` has no WebAssembly; a limit of the address space (`ulimit -v`) leaves no room for its memory. */
function isNoWebAssembly(error: unknown): boolean {
  return error instanceof ReferenceError || error instanceof RangeError;
}
