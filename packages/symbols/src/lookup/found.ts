/** A place in a module whose function is wanted. */
export interface CodePlace {
  /** Path of the file, as the trace names it. */
  readonly module: string;
  /** Build-id of the file that was sampled, in lower-case hexadecimal digits. */
  readonly buildId?: string;
  /** Bytes from where the file's first byte is mapped. */
  readonly offset: number;
  /**
   * The trace has a name, but it may be that of the nearest exported function, and inlined functions are missing.
   */
  readonly named: boolean;
}

/** A function that was found. */
export interface FoundFunction {
  /** Its name, mangled where the language does so. */
  readonly symbol: string;
  /** Source file, and the line in it, from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** The innermost inlined function first; the last is the one that was not inlined. Never empty. */
export type FoundFunctions = readonly FoundFunction[];

/** Finds the functions at places; `undefined` for each place without a name. Never rejects. */
export type PlaceLookup = (places: readonly CodePlace[]) => Promise<readonly (FoundFunctions | undefined)[]>;
