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

/** The form of a table. All options are optional. */
export interface TextOptions {
  /** @defaultValue 'text' */
  readonly format?: 'text' | 'markdown' | 'json';
  /** Width of the terminal in columns: longer lines are cut. @defaultValue unlimited */
  readonly width?: number;
  /** Whether to use the colours of a terminal. @defaultValue false */
  readonly colours?: boolean;
}

/** Options for the text of `top`. */
export interface TopOptions extends TextOptions {
  /** @defaultValue all, but the module only if any is known, and intervals only if there are any */
  readonly columns?: readonly Column[];
}

/** The options with every default filled in. */
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
