import * as z from '#zod';
import { SymbolsError } from '../errors.ts';

/** Data that `record --save` saved about one process. */
export interface SavedProcess {
  readonly pid: number;
  /** The content of the process's `/proc/PID/maps`. */
  readonly maps: string;
  /** The perf map written by the process's JIT. */
  readonly perfMap?: string | undefined;
}

/** Data that `record --save` saved about one machine. */
export interface SavedSite {
  readonly host?: string | undefined;
  /** Kernel release. */
  readonly release?: string | undefined;
  /** Build-ids in hexadecimal digits, by file path. */
  readonly buildIds: Readonly<Record<string, string>>;
  /**
   * By file path, for each file that names only exported functions: these functions with their sizes, one per line, as
   * returned by `exportedFunctions`.
   */
  readonly exported?: Readonly<Record<string, string>> | undefined;
  readonly processes: readonly SavedProcess[];
  /** Content of `/proc/kallsyms`. */
  readonly kallsyms?: string | undefined;
}

const process = z.object({ pid: z.int(), maps: z.string(), perfMap: z.optional(z.string()) });
const schema = z.object({
  version: z.literal(1),
  sites: z.array(
    z.object({
      host: z.optional(z.string()),
      release: z.optional(z.string()),
      buildIds: z._default(z.record(z.string(), z.string().check(z.regex(/^[0-9a-f]{2,128}$/))), {}),
      exported: z.optional(z.record(z.string(), z.string())),
      processes: z._default(z.array(process), []),
      kallsyms: z.optional(z.string()),
      // the first releases stored a single process in these fields
      pid: z.optional(z.int()),
      maps: z.optional(z.string()),
    }),
  ),
});

/** Whether the text looks like a file from `record --save`. */
export function isSavedFile(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** Reads a file from `record --save`. Throws `INVALID_SYMBOLS` if the file is invalid. */
export function readSavedFile(text: string): readonly SavedSite[] {
  const result = schema.safeParse(parsed(text));
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new SymbolsError(
      'INVALID_SYMBOLS',
      `expected a file from record --save, but ${path.join('.') || 'the file'} is invalid: ${message}`,
    );
  }
  return result.data.sites.map(siteOf);
}

function siteOf({ pid, maps, processes, ...site }: z.infer<typeof schema>['sites'][number]): SavedSite {
  const only = pid === undefined || maps === undefined ? [] : [{ pid, maps }];
  return { ...site, processes: processes.length > 0 ? processes : only };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
