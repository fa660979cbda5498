import type { Frame } from '@stapflame/stacks';

/** What all frames of a name agree on, beside their label. */
export interface NameDetails {
  /** Base name of the binary that the code is in. */
  readonly module?: string | undefined;
  /** Source file, and its line if known: `malloc.c:123`. */
  readonly source?: string | undefined;
  readonly inlined?: true | undefined;
}

/** What is known of most names. One object for all of them: there may be a million. */
const NOTHING: NameDetails = { module: undefined, source: undefined, inlined: undefined };

export function detailsOf({ module, file, line, inlined }: Frame): NameDetails {
  if (module === undefined && file === undefined && inlined !== true) return NOTHING;
  return {
    module: module?.slice(module.lastIndexOf('/') + 1),
    source: file === undefined || line === undefined ? file : `${file}:${line}`,
    inlined: inlined === true ? true : undefined,
  };
}

/** What two frames of the same name agree on. */
export function agreedDetails(a: NameDetails, b: NameDetails): NameDetails {
  if (a === b) return a;
  return {
    module: a.module === b.module ? a.module : undefined,
    source: a.source === b.source ? a.source : undefined,
    inlined: a.inlined === b.inlined ? a.inlined : undefined,
  };
}
