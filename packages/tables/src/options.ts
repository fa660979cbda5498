import * as z from '#zod';
import { TablesError } from './errors.ts';

/** The columns of `top`, from left to right. */
export const COLUMNS = [
  'self',
  'self-share',
  'self-interval',
  'total',
  'total-share',
  'total-interval',
  'module',
  'name',
] as const;
export type Column = (typeof COLUMNS)[number];

/** How a table is written; every option may be left out. */
export interface TextOptions {
  /** @defaultValue 'text' */
  readonly format?: 'text' | 'markdown' | 'json';
  /** Columns of the terminal: longer lines are cut. @defaultValue lines of any length */
  readonly width?: number;
  /** Colours of a terminal. @defaultValue false */
  readonly colours?: boolean;
}

/** Options of `top`. */
export interface TopOptions extends TextOptions {
  /** By what rows are sorted, the largest first. @defaultValue 'self' */
  readonly sort?: 'self' | 'total';
  /** Rows; 0 for all. @defaultValue 20, and in JSON all */
  readonly limit?: number;
  /** @defaultValue all, but the module only if any is known */
  readonly columns?: readonly Column[];
  /** Names that are counted separately; later ones are counted together. @defaultValue 100000 */
  readonly maxNames?: number;
}

/** Options of `peek`. */
export interface PeekOptions extends Omit<TopOptions, 'columns'> {
  /** Which names are shown. */
  readonly names: RegExp;
}

/** Options of `tree`. */
export interface TreeOptions extends TextOptions {
  /** Least share of the whole that is shown, at least 0.0001. @defaultValue 0.005 */
  readonly minShare?: number;
  /** Levels that are shown, at most 1000. @defaultValue 1000 */
  readonly maxDepth?: number;
}

/** The options with every default filled in. */
export type ResolvedTextOptions = Required<Omit<TextOptions, 'width'>> & Pick<TextOptions, 'width'>;
export type ResolvedTopOptions = ResolvedTextOptions &
  Required<Pick<TopOptions, 'sort' | 'maxNames'>> &
  Pick<TopOptions, 'limit' | 'columns'> &
  Partial<Pick<PeekOptions, 'names'>>;
export type ResolvedTreeOptions = ResolvedTextOptions & Required<Pick<TreeOptions, 'minShare' | 'maxDepth'>>;

const text = {
  format: z.enum(['text', 'markdown', 'json']).default('text'),
  width: z.int().min(20).optional(),
  colours: z.boolean().default(false),
};
const topSchema = z.strictObject({
  ...text,
  sort: z.enum(['self', 'total']).default('self'),
  limit: z.int().min(0).optional(),
  columns: z.array(z.enum(COLUMNS)).min(1).optional(),
  maxNames: z.int().min(1).max(1e7).default(100_000),
  names: z.instanceof(RegExp).optional(),
});
const treeSchema = z.strictObject({
  ...text,
  minShare: z.number().min(0.0001).max(1).default(0.005),
  maxDepth: z.int().min(1).max(1000).default(1000),
});

export function resolveTop(options: TopOptions | PeekOptions): ResolvedTopOptions {
  return resolve(topSchema, options) as ResolvedTopOptions;
}

export function resolveTree(options: TreeOptions): ResolvedTreeOptions {
  return resolve(treeSchema, options) as ResolvedTreeOptions;
}

function resolve<Out>(schema: z.ZodType<Out>, options: object): Out {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new TablesError('INVALID_OPTIONS', `table options: ${z.prettifyError(result.error)}`);
}
