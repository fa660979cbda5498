import { z } from 'zod';
import { RendererError } from './errors.ts';

/** Options of the renderer; every one may be left out. */
export interface RendererOptions {
  /** Heading. @defaultValue 'Flame Graph', or 'Icicle Graph' where `inverted` */
  readonly title?: string;
  /** Second line of the heading. @defaultValue none */
  readonly subtitle?: string;
  /** Width of the picture's coordinates; it is drawn as wide as its place. @defaultValue 1200 */
  readonly width?: number;
  /** Height of a box in the same units. @defaultValue 16 */
  readonly height?: number;
  /** Boxes narrower than this are not drawn, in the same units. @defaultValue 0.1 */
  readonly minwidth?: number;
  /** Font size in the same units. @defaultValue 12 */
  readonly fontsize?: number;
  /** What the weights count. @defaultValue 'samples' */
  readonly countname?: string;
  /** Root at the top. @defaultValue false */
  readonly inverted?: boolean;
  /** The input is sorted frame by frame, as the folder writes it: any size in one pass. @defaultValue false */
  readonly sorted?: boolean;
}

/** The options with every default filled in. */
export interface ResolvedRendererOptions {
  readonly title: string;
  readonly subtitle: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly minwidth: number;
  readonly fontsize: number;
  readonly countname: string;
  readonly inverted: boolean;
  readonly sorted: boolean;
}

const schema = z.strictObject({
  title: z.string().optional(),
  subtitle: z.string().optional(),
  width: z.number().min(100).max(100_000).default(1200),
  height: z.number().min(4).max(200).default(16),
  minwidth: z.number().min(0).max(100_000).default(0.1),
  fontsize: z.number().min(2).max(100).default(12),
  countname: z.string().min(1).default('samples'),
  inverted: z.boolean().default(false),
  sorted: z.boolean().default(false),
});

/** Checks the options and fills in the defaults; throws `INVALID_OPTIONS`. */
export function resolveOptions(options: RendererOptions): ResolvedRendererOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new RendererError('INVALID_OPTIONS', `renderer options: ${z.prettifyError(result.error)}`);
  const { title, subtitle, ...rest } = result.data;
  return { ...rest, title: title ?? (rest.inverted ? 'Icicle Graph' : 'Flame Graph'), subtitle };
}

/** One option as the command line and its help show it. */
export interface OptionDoc {
  /** Flag without dashes; the option has the same name. */
  readonly name: Exclude<keyof RendererOptions, 'sorted'>;
  readonly kind: 'text' | 'number' | 'flag';
  readonly description: string;
}

/** The options that change the picture, for a command line. */
export const rendererOptionDocs: readonly OptionDoc[] = [
  { name: 'title', kind: 'text', description: 'heading (default: Flame Graph)' },
  { name: 'subtitle', kind: 'text', description: 'second line of the heading' },
  { name: 'width', kind: 'number', description: 'width of the coordinates (default: 1200)' },
  { name: 'height', kind: 'number', description: 'height of a box (default: 16)' },
  { name: 'minwidth', kind: 'number', description: 'leave out boxes narrower than this (default: 0.1)' },
  { name: 'fontsize', kind: 'number', description: 'font size (default: 12)' },
  { name: 'countname', kind: 'text', description: 'what the weights count (default: samples)' },
  { name: 'inverted', kind: 'flag', description: 'root at the top (icicle graph)' },
];
