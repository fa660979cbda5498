import * as z from '#zod';
import { TablesError } from './errors.ts';

/** The columns of `top`, in their default order from left to right. */
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

/** Options for the text of all tables. */
export interface TextOptions {
  /** @defaultValue 'text' */
  readonly format?: 'text' | 'markdown' | 'json';
  /** The terminal's width in columns. Longer lines are shortened. @defaultValue unlimited */
  readonly width?: number;
  /** Whether to use terminal colours. @defaultValue false */
  readonly colours?: boolean;
}

/** Options for the text of `top`. */
export interface TopOptions extends TextOptions {
  /** @defaultValue all, except for the module if none is known, and for the intervals if there are none */
  readonly columns?: readonly Column[];
}

/** The options with all defaults filled in. */
export type ResolvedTextOptions = Required<Omit<TextOptions, 'width'>> & {
  readonly width?: number | undefined;
};
export type ResolvedTopOptions = ResolvedTextOptions & { readonly columns?: readonly Column[] | undefined };

const textSchema = z.strictObject({
  format: z._default(z.enum(['text', 'markdown', 'json']), 'text'),
  width: z.optional(z.int().check(z.minimum(20))),
  colours: z._default(z.boolean(), false),
});
const topSchema = z.extend(textSchema, {
  columns: z.optional(z.array(z.enum(COLUMNS)).check(z.minLength(1))),
});

export function resolveTop(options: TopOptions): ResolvedTopOptions {
  return resolve(topSchema, options);
}

export function resolveText(options: TextOptions): ResolvedTextOptions {
  return resolve(textSchema, options);
}

function resolve<Out>(schema: z.ZodMiniType<Out>, options: object): Out {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new TablesError('INVALID_OPTIONS', `table options: ${z.prettifyError(result.error)}`);
}
