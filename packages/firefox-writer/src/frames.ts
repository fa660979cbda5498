import { Numbered, TextSpool, type Frame, type SpillStore } from '@stapflame/stacks';
import { Columns } from './columns.ts';

/** The categories, indexed by number. Frames without a known category are shown as grey "Other". */
export const CATEGORIES = [
  { name: 'User', color: 'yellow', subcategories: ['Other'] },
  { name: 'Kernel', color: 'orange', subcategories: ['Other'] },
  { name: 'JIT', color: 'green', subcategories: ['Other'] },
  { name: 'Other', color: 'grey', subcategories: ['Other'] },
] as const;

/** The `resourceTable.type` of a library. */
const LIBRARY = 1;
const NONE = -1;

// Columns that have the same value in every frame or function we write.
const SAME_FRAME = {
  address: NONE,
  subcategory: 0,
  nativeSymbol: null,
  innerWindowID: null,
  column: null,
} as const;
const SAME_FUNC = {
  isJS: false,
  relevantForJS: false,
  source: null,
  lineNumber: null,
  columnNumber: null,
} as const;
const OWN_FRAME = ['func', 'lib', 'category', 'line', 'inlineDepth', 'originalLocation'] as const;
const keysOf = <T extends object>(object: T): (keyof T & string)[] =>
  Object.keys(object) as (keyof T & string)[];

/** The tables that stacks refer to: frames, functions and libraries. */
export class Frames {
  readonly #known = { lib: new Numbered(), func: new Numbered(), frame: new Numbered() };
  readonly #strings: TextSpool;
  #stringCount = 0;
  readonly #libs: TextSpool;
  readonly #resources: Columns<'name' | 'host' | 'type'>;
  readonly #funcs: Columns<keyof typeof SAME_FUNC | 'name' | 'resource' | 'originalLocation'>;
  readonly #frames: Columns<keyof typeof SAME_FRAME | (typeof OWN_FRAME)[number]>;

  constructor(store: SpillStore) {
    this.#strings = new TextSpool(store);
    this.#libs = new TextSpool(store);
    this.#resources = new Columns(store, ['name', 'host', 'type']);
    this.#funcs = new Columns(store, ['name', 'resource', 'originalLocation', ...keysOf(SAME_FUNC)]);
    this.#frames = new Columns(store, [...OWN_FRAME, ...keysOf(SAME_FRAME)]);
  }

  /**
   * Returns the frame's number. Frames that differ only in their address share a number: addresses are useless here,
   * because the modules' load addresses are not known.
   */
  numberOf(frame: Frame): number {
    const { label, line = null, inlined = false } = frame;
    const lib = this.#lib(frame);
    const func = this.#known.func.numberOf(`${lib} ${label}`, () => {
      this.#funcs.add({ ...SAME_FUNC, name: this.#string(label), resource: lib, originalLocation: null });
    });
    const category = categoryOf(frame);
    return this.#known.frame.numberOf(`${func} ${category} ${line} ${inlined}`, () => {
      const own = { func, lib, category, line, inlineDepth: Number(inlined), originalLocation: null };
      this.#frames.add({ ...SAME_FRAME, ...own });
    });
  }

  #string(text: string): number {
    this.#strings.text(`${this.#stringCount === 0 ? '' : ','}${JSON.stringify(text)}`);
    return this.#stringCount++;
  }

  /** Returns the number of the frame's library, which is also the library's number as a resource. */
  #lib({ module, buildId = '' }: Frame): number {
    if (module === undefined) return NONE;
    return this.#known.lib.numberOf(`${buildId} ${module}`, (number) => {
      const name = module.slice(module.lastIndexOf('/') + 1);
      const files = { name, path: module, debugName: name, debugPath: module };
      const lib = { arch: '', ...files, breakpadId: '', codeId: buildId || null };
      this.#libs.text(`${number === 0 ? '' : ','}${JSON.stringify(lib)}`);
      this.#resources.add({ name: this.#string(name), host: null, type: LIBRARY });
    });
  }

  /** Returns the tables as JSON: the remaining entries of `shared`, its closing brace, and then `libs`. */
  *take(): Generator<Uint8Array | string> {
    yield '"frameTable":{';
    yield* this.#frames.take();
    yield '},"funcTable":{';
    yield* this.#funcs.take();
    yield '},"resourceTable":{';
    yield* this.#resources.take();
    yield '},"stringArray":[';
    yield* this.#strings.take();
    yield ']},"libs":[';
    yield* this.#libs.take();
    yield ']';
  }

  dispose(): void {
    for (const part of [this.#strings, this.#libs, this.#resources, this.#funcs, this.#frames])
      part.dispose();
  }
}

function categoryOf({ kernel, jit }: Frame): number {
  if (jit === true) return 2;
  return kernel === undefined ? 3 : Number(kernel);
}
