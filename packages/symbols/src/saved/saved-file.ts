import * as z from '#zod';
import { SymbolsError } from '../errors.ts';

/** What `record --save` kept of one process. */
export interface SavedProcess {
  readonly pid: number;
  /** Text of its `/proc/PID/maps`. */
  readonly maps: string;
  /** Text of the perf map that its JIT wrote. */
  readonly perfMap?: string | undefined;
}

/** What `record --save` kept of one machine. */
export interface SavedSite {
  readonly host?: string | undefined;
  /** Release of the kernel. */
  readonly release?: string | undefined;
  /** Build-ids of files by their paths, in hexadecimal digits. */
  readonly buildIds: Readonly<Record<string, string>>;
  /**
   * For each file that names only exported functions, by its path: these functions with their sizes, one per line,
   * as `exportedFunctions` returns them.
   */
  readonly exported?: Readonly<Record<string, string>> | undefined;
  readonly processes: readonly SavedProcess[];
  /** Text of `/proc/kallsyms`. */
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
      // how the first releases wrote the only process
      pid: z.optional(z.int()),
      maps: z.optional(z.string()),
    }),
  ),
});

/** Whether the text looks like a file of `record --save`. */
export function isSavedFile(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** Reads what `record --save` wrote; throws `INVALID_SYMBOLS`. */
export function readSavedFile(text: string): readonly SavedSite[] {
  const result = schema.safeParse(parsed(text));
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new SymbolsError(
      'INVALID_SYMBOLS',
      `expected what record --save writes, but ${path.join('.') || 'the file'} is not as it is written there: ${message}`,
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
