import * as z from '#zod';
import { SymbolsError } from '../errors.ts';

/** Options for a file lookup. All are optional. */
export interface FileLookupOptions {
  /**
   * Files with symbols or debug information. A file is used for the module with the same build-id or, if the sampled
   * module's build-id is not known, for the module with the same name. @defaultValue none
   */
  readonly files?: readonly string[];
  /**
   * Directories with debug information files, which are found by build-id, as in /usr/lib/debug, or by name.
   * @defaultValue ['/usr/lib/debug']
   */
  readonly directories?: readonly string[];
  /** Use `debuginfod-find` to ask the servers in `DEBUGINFOD_URLS`. @defaultValue false */
  readonly debuginfod?: boolean;
  /** Milliseconds to wait for an answer before a symboliser is stopped. @defaultValue 60000 */
  readonly patience?: number;
  /** Directories to search for symbolisers. @defaultValue the PATH variable */
  readonly path?: string;
}

/** The options with the defaults filled in. */
export type ResolvedFileLookupOptions = Required<FileLookupOptions>;

const schema = z.strictObject({
  files: z._default(z.array(z.string()), []),
  directories: z._default(z.array(z.string()), ['/usr/lib/debug']),
  debuginfod: z._default(z.boolean(), false),
  patience: z._default(z.int().check(z.minimum(1), z.maximum(3_600_000)), 60_000),
  path: z._default(z.string(), () => process.env['PATH'] ?? ''),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveFileOptions(options: FileLookupOptions): ResolvedFileLookupOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new SymbolsError('INVALID_OPTIONS', `file lookup options: ${z.prettifyError(result.error)}`);
  return result.data;
}
