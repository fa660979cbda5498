import type { Frame } from '@stapflame/stacks';

/**
 * Details of a name's frames besides their label. A field is `null` if its value differs between frames.
 */
export interface NameDetails {
  /** Base name of the binary that the code is in. */
  readonly module?: string | null | undefined;
  /** Base name of the source file. */
  readonly file?: string | null | undefined;
  /** The first and the last line of that file in any of the frames. */
  readonly firstLine?: number | undefined;
  readonly lastLine?: number | undefined;
  /** All calls were inlined. */
  readonly inlined?: true | undefined;
}

/** The details of most names: nothing is known. They share one object because there may be a million. */
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

/** Combines the details of two frames with the same name. They may differ in line and in how much is known. */
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
