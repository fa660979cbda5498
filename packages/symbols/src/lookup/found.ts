/** A place in a module whose function is requested. */
export interface CodePlace {
  /** Path of the file, as written in the trace. */
  readonly module: string;
  /** Build-id of the sampled file, in lower-case hexadecimal digits. */
  readonly buildId?: string;
  /** Bytes from the address at which the file's first byte is mapped. */
  readonly offset: number;
  /** The trace has a name, but it may be the nearest exported function's name, and inlined functions are missing. */
  readonly named: boolean;
}

/** A found function. */
export interface FoundFunction {
  /** The function's name, mangled if the language mangles names. */
  readonly symbol: string;
  /** Source file, and the line in it, from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** The innermost inlined function comes first; the last function was not inlined. Never empty. */
export type FoundFunctions = readonly FoundFunction[];

/** Finds the functions at places; returns `undefined` for each place without a name. Never rejects. */
export type PlaceLookup = (places: readonly CodePlace[]) => Promise<readonly (FoundFunctions | undefined)[]>;
