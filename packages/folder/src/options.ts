import * as z from '#zod';
import { FolderError } from './errors.ts';

/** The folder's options. All are optional. */
export interface FolderOptions {
  /**
   * Size of the stack table, in bytes. When the table is full, it is written to disk as a sorted run. In addition,
   * names may use half as much memory as the table, or three times as much if there are few frames per name.
   * @defaultValue 12582912
   */
  readonly memory?: number;
  /**
   * Directory for temporary files. Pass it as bytes if its name is not valid UTF-8. @defaultValue the directory in the
   * `TMPDIR` environment variable, or else the system's directory for temporary files
   */
  readonly tmpdir?: string | Uint8Array;
  /**
   * Which frames to merge. With `label`, frames with the same label are merged, and only the label is kept. With
   * `frame`, frames are merged only if they are equal in every field (module, offset, address, …), and all fields are
   * kept. @defaultValue 'label'
   */
  readonly mergeBy?: 'label' | 'frame';
}

/** The options with all defaults filled in. */
export interface ResolvedFolderOptions {
  readonly memory: number;
  readonly tmpdir: string | Uint8Array | undefined;
  readonly mergeBy: 'label' | 'frame';
}

/** The minimum and default sizes of the stack table, in bytes. */
export const MIN_MEMORY: number = 1 << 14;
export const DEFAULT_MEMORY: number = 12 << 20;

const schema = z.strictObject({
  memory: z._default(z.int().check(z.minimum(MIN_MEMORY), z.maximum(2 ** 34)), DEFAULT_MEMORY),
  tmpdir: z.optional(z.union([z.string().check(z.minLength(1)), z.instanceof(Uint8Array)])),
  mergeBy: z._default(z.enum(['label', 'frame']), 'label'),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: FolderOptions): ResolvedFolderOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new FolderError('INVALID_OPTIONS', `folder options: ${z.prettifyError(result.error)}`);
  const { memory, tmpdir, mergeBy } = result.data;
  return { memory, tmpdir, mergeBy };
}
