import type { Frame } from '@stapflame/stacks';

/** Details of all frames with the same name. A field is `null` if its values differ between these frames. */
export interface NameDetails {
  /** File name of the module, without its path. */
  readonly module?: string | null | undefined;
  /** Name of the source file, without its path. */
  readonly file?: string | null | undefined;
  /** Smallest source line of any of these frames. */
  readonly firstLine?: number | undefined;
  /** Largest source line of any of these frames. */
  readonly lastLine?: number | undefined;
  /** Present if all calls to the function were inlined. */
  readonly inlined?: true | undefined;
}

/** The details of a name that nothing is known about. There may be a million such names, so they share this object. */
const NOTHING: NameDetails = {
  module: undefined,
  file: undefined,
  firstLine: undefined,
  lastLine: undefined,
  inlined: undefined,
};

export function detailsOf({ module, file, line, inlined }: Frame): NameDetails {
  if (module === undefined && file === undefined && inlined !== true) return NOTHING;
  const lineInFile = file === undefined ? undefined : line;
  return {
    module: module && baseName(module),
    file: file && baseName(file),
    firstLine: lineInFile,
    lastLine: lineInFile,
    inlined: inlined === true ? true : undefined,
  };
}

/** Combines the details of frames with the same name. Their lines may differ, and some details may be unknown. */
export function combinedDetails(a: NameDetails, b: NameDetails): NameDetails {
  if (a === b) return a;
  return {
    module: one(a.module, b.module),
    file: one(a.file, b.file),
    firstLine: least(a.firstLine, b.firstLine),
    lastLine: most(a.lastLine, b.lastLine),
    inlined: a.inlined === b.inlined ? a.inlined : undefined,
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

type Text = string | null | undefined;

function one(a: Text, b: Text): Text {
  if (a === undefined || b === undefined) return a ?? b;
  return a === b ? a : null;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function most(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
