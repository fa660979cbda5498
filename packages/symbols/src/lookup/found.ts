/** A location in a module where functions are looked up. */
export interface CodePlace {
  /** Path of the file, as written in the trace. */
  readonly module: string;
  /** Build-id of the sampled file, in lower-case hexadecimal digits. */
  readonly buildId?: string;
  /** Distance in bytes from the address where the file's first byte is mapped. */
  readonly offset: number;
  /**
   * Whether the trace has a name for this location. This may be only the name of the nearest exported function, and the
   * trace does not name functions that were inlined here.
   */
  readonly named: boolean;
}

/** A function found by the lookup. */
export interface FoundFunction {
  /** The function's name, mangled if the language mangles names. */
  readonly symbol: string;
  /** Source file. */
  readonly file?: string;
  /** Line in the source file, counted from 1. */
  readonly line?: number;
}

/** The functions at a location (at least one), innermost first. The last function is the one that was not inlined. */
export type FoundFunctions = readonly FoundFunction[];

/** Finds the functions at locations. Resolves to `undefined` for each location without a name, and never rejects. */
export type PlaceLookup = (places: readonly CodePlace[]) => Promise<readonly (FoundFunctions | undefined)[]>;
