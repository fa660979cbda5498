import * as z from 'zod';
import { FolderError } from './errors.ts';

/** Options of the folder; every one may be left out. */
export interface FolderOptions {
  /** Bytes for the table of stacks; beyond them sorted runs go to disk. @defaultValue 8388608 */
  readonly memory?: number;
  /** Directory for temporary files. @defaultValue the system's, or `TMPDIR` */
  readonly tmpdir?: string;
  /** Merge from the leaf: each stack is turned around. @defaultValue false */
  readonly reverse?: boolean;
  /** Only stacks with this frame, from the outermost of that name on. @defaultValue none */
  readonly base?: string;
  /**
   * A last line of the output, asked for when all input is read: what was lost on the way, as
   * `# stapflame incomplete …`. @defaultValue none
   */
  readonly comment?: () => string | undefined;
}

/** The options with every default filled in. */
export interface ResolvedFolderOptions {
  readonly memory: number;
  readonly tmpdir: string | undefined;
  readonly reverse: boolean;
  readonly base: string | undefined;
  readonly comment: (() => string | undefined) | undefined;
}

/** Options of the reader of folded text. */
export interface FoldedReaderOptions {
  /** Longest line in bytes; a longer one ends the reading. The default holds ten million names of 25. @defaultValue 268435456 */
  readonly maxLineLength?: number;
}

/** Smallest and default table of stacks, in bytes. */
export const MIN_MEMORY: number = 1 << 20;
export const DEFAULT_MEMORY: number = 8 << 20;

const schema = z.strictObject({
  memory: z
    .int()
    .min(MIN_MEMORY)
    .max(2 ** 34)
    .default(DEFAULT_MEMORY),
  tmpdir: z.string().min(1).optional(),
  reverse: z.boolean().default(false),
  base: z.string().min(1).optional(),
  comment: z.custom<() => string | undefined>((value) => typeof value === 'function').optional(),
});

const readerSchema = z.strictObject({
  maxLineLength: z
    .int()
    .min(256)
    .max(1 << 30)
    .default(1 << 28),
});

/** Checks the reader's options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveReaderOptions(options: FoldedReaderOptions): Required<FoldedReaderOptions> {
  return resolved(readerSchema, options);
}

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: FolderOptions): ResolvedFolderOptions {
  const { memory, tmpdir, reverse, base, comment } = resolved(schema, options);
  return { memory, tmpdir, reverse, base, comment };
}

function resolved<Resolved>(from: z.ZodType<Resolved>, options: unknown): Resolved {
  const result = from.safeParse(options);
  if (result.success) return result.data;
  throw new FolderError('INVALID_OPTIONS', `folder options: ${z.prettifyError(result.error)}`);
}
