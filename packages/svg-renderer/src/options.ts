import * as z from '#zod';
import { RendererError } from './errors.ts';
import type { DetailsOfLabel } from './picture/details.ts';
import { parseNameAttributes, type NameAttributes } from './picture/name-attributes.ts';
import { parsePaletteMap, type PaletteMap } from './picture/palette-map.ts';
import { PALETTES, type PaletteName } from './picture/palette.ts';
import type { Widths } from './picture/layout.ts';
import type { TestBoxes, TestFunctions } from './picture/significance.ts';

/** The renderer's options. All are optional. */
export interface RendererOptions {
  /** Heading. @defaultValue 'Flame Graph', or 'Icicle Graph' (`inverted`), 'Flame Chart' (`flamechart`) */
  readonly title?: string;
  /** Second line of the heading. @defaultValue none */
  readonly subtitle?: string;
  /**
   * The format of the output: an SVG file, or an HTML page that contains the SVG and fits the width of a phone.
   * @defaultValue 'svg'
   */
  readonly container?: 'svg' | 'html';
  /** Width in px. @defaultValue the available width */
  readonly width?: number;
  /** Height of a box in px. @defaultValue 17 */
  readonly height?: number;
  /** Leave out boxes narrower than this, in px at a width of 1200 px, or a share such as `'0.5%'`. @defaultValue 0.1 */
  readonly minwidth?: number | string;
  /** Font family of the boxes. @defaultValue the system's monospaced font */
  readonly fonttype?: string;
  /** Font size in px. @defaultValue 12 */
  readonly fontsize?: number;
  /** Mean glyph width, relative to the font size. @defaultValue 0.61 */
  readonly fontwidth?: number;
  /** Unit of the weights. @defaultValue the unit of the stacks, or 'samples' */
  readonly countname?: string;
  /** Text before a name in the details. @defaultValue 'Function:' */
  readonly nametype?: string;
  /** Notes to store in the file's description. @defaultValue none */
  readonly notes?: string;
  /** Palette. @defaultValue 'hot' */
  readonly colors?: PaletteName;
  /** Background: `yellow`, `blue`, `green`, `grey` or `#rrggbb`. @defaultValue light or dark, like the system */
  readonly bgcolors?: string;
  /** Give similar names similar colours. @defaultValue false */
  readonly hash?: boolean;
  /** Give a name the same colour in every picture. This is always done unless `random` is set. @defaultValue true */
  readonly deterministic?: boolean;
  /** Give each box its own shade. The shades are the same each time a picture is drawn. @defaultValue false */
  readonly random?: boolean;
  /** Colour by share of the total. @defaultValue false */
  readonly colordiffusion?: boolean;
  /** Merge stacks starting at the leaf. @defaultValue false */
  readonly reverse?: boolean;
  /** Draw the root at the top. @defaultValue false */
  readonly inverted?: boolean;
  /** Keep stacks in the order of the input, and merge only neighbours. @defaultValue false */
  readonly flamechart?: boolean;
  /** In a comparison, draw increases in blue and decreases in red. @defaultValue false */
  readonly negate?: boolean;
  /** Weight represented by the full width, if it is more than the sum. @defaultValue the sum */
  readonly total?: number;
  /** Multiply displayed counts by this factor. @defaultValue 1 */
  readonly factor?: number;
  /** Draw only stacks with one of these frames, starting at the outermost one. @defaultValue all stacks in full */
  readonly base?: string | readonly string[];
  /** Maximum number of levels. Deeper frames are left out, and the picture says so. @defaultValue 5000 */
  readonly maxDepth?: number;
  /**
   * Maximum number of boxes. If there are more, only the widest are drawn, and the picture says so.
   * @defaultValue 262144
   */
  readonly maxBoxes?: number;
  /** Colour of search matches. @defaultValue '#e600e6' */
  readonly searchcolor?: string;
  /** Outline of each box: `#rrggbb`, or `none`. @defaultValue none */
  readonly strokecolor?: string;
  /** Colour of headings and controls. @defaultValue light or dark, like the system */
  readonly uicolor?: string;
  /**
   * Colours for names: the content of a palette.map file by flamegraph.pl (`name->rgb(r,g,b)` lines). In the summary,
   * `paletteMap` contains these colours and those of all other names in the picture. @defaultValue none
   */
  readonly cp?: string;
  /**
   * Titles and links for names: the content of a nameattr file for flamegraph.pl (`name TAB title=… TAB href=…` lines;
   * only http and https links are used). @defaultValue none
   */
  readonly nameattr?: string;
  /**
   * Returns a function's details, for stacks that no longer contain them. `LabelDetails` can collect the details before
   * stacks are merged. Called after all stacks have been read, once for each drawn name.
   * @defaultValue the details in the frames of the stacks
   */
  readonly details?: DetailsOfLabel;
  /**
   * In a comparison, tests which differences are statistically significant. Boxes without a significant difference are
   * grey, and their titles say so. Called once, with the counts of all drawn boxes. @defaultValue no test
   */
  readonly testBoxes?: TestBoxes;
  /**
   * In a comparison, tests whether the differences in a function's self and total weights are statistically
   * significant. The table shows the results. @defaultValue no test
   */
  readonly testFunctions?: TestFunctions;
  /**
   * Half width of the intervals shown for tested differences, in standard deviations: 1.96 for 95 %. @defaultValue none
   */
  readonly reach?: number;
  /**
   * How to compare the two sides. `counts`: compare the weights, which have the same scale; `totals`: compare shares of
   * each side's total; two numbers: first divide each side's weights by its number, such as the time for which it was
   * sampled. @defaultValue 'counts'
   */
  readonly compareBy?: 'counts' | 'totals' | readonly [before: number, after: number];
  /** Also colour differences that may be due to chance. @defaultValue false */
  readonly colorChance?: boolean;
  /**
   * In a comparison, the side that box widths represent at first. The reader can switch sides. @defaultValue 'after'
   */
  readonly widths?: Widths;
  /**
   * The input is sorted frame by frame, so it can be drawn in one pass, whatever its size. The order is checked. Not
   * needed for stacks from the folder. @defaultValue false
   */
  readonly sorted?: boolean;
}

const flag = z._default(z.boolean(), false);
const someText = z.string().check(z.minLength(1));
const positive = z.number().check(z.positive());
const hexColor = z.string().check(z.regex(/^#[0-9a-fA-F]{6}$/, 'expected #rrggbb'));
const px = (least: number, most: number) => z.number().check(z.minimum(least), z.maximum(most));
const atMost24Bits = z.int().check(z.minimum(1), z.maximum(1 << 24));
const pxOrShare = z
  .string()
  .check(z.regex(/^\d+(?:\.\d+)?%?$/, 'expected a number of pixels or a percentage, such as 0.1 or 0.5%'));
const callback = <T>() =>
  z.optional(z.custom<T>((given) => typeof given === 'function', 'expected a function'));

const schema = z.strictObject({
  title: z.optional(z.string()),
  subtitle: z.optional(z.string()),
  container: z._default(z.enum(['svg', 'html']), 'svg'),
  width: z.optional(px(100, 100_000)),
  height: z._default(px(8, 200), 17),
  minwidth: z._default(z.union([px(0, 1200), pxOrShare]), 0.1),
  fonttype: z.optional(someText),
  fontsize: z._default(px(2, 100), 12),
  fontwidth: z._default(px(0.1, 4), 0.61),
  countname: z.optional(someText),
  nametype: z._default(z.string(), 'Function:'),
  notes: z._default(z.string(), ''),
  colors: z._default(z.enum(PALETTES), 'hot'),
  bgcolors: z.optional(z.union([z.enum(['yellow', 'blue', 'green', 'grey']), hexColor])),
  hash: flag,
  deterministic: z._default(z.boolean(), true),
  random: flag,
  colordiffusion: flag,
  reverse: flag,
  inverted: flag,
  flamechart: flag,
  negate: flag,
  total: z.optional(z.number().check(z.positive(), z.maximum(Number.MAX_SAFE_INTEGER))),
  factor: z._default(positive, 1),
  base: z._default(z.union([someText, z.array(someText)]), []),
  maxDepth: z._default(atMost24Bits, 5000),
  maxBoxes: z._default(atMost24Bits, 1 << 18),
  searchcolor: z._default(hexColor, '#e600e6'),
  strokecolor: z.optional(z.union([hexColor, z.literal('none')])),
  uicolor: z.optional(hexColor),
  cp: z.optional(z.string()),
  nameattr: z.optional(z.string()),
  details: callback<DetailsOfLabel>(),
  testBoxes: callback<TestBoxes>(),
  testFunctions: callback<TestFunctions>(),
  reach: z.optional(positive),
  compareBy: z._default(z.union([z.enum(['counts', 'totals']), z.tuple([positive, positive])]), 'counts'),
  colorChance: flag,
  widths: z._default(z.enum(['after', 'before', 'both']), 'after'),
  sorted: flag,
});

/** The options with the defaults filled in. */
export interface ResolvedRendererOptions extends Required<
  Omit<
    RendererOptions,
    | 'subtitle'
    | 'width'
    | 'minwidth'
    | 'fonttype'
    | 'bgcolors'
    | 'total'
    | 'base'
    | 'strokecolor'
    | 'uicolor'
    | 'countname'
    | 'cp'
    | 'nameattr'
    | 'details'
    | 'testBoxes'
    | 'testFunctions'
    | 'reach'
  >
> {
  readonly subtitle: string | undefined;
  readonly width: number | undefined;
  readonly minwidth: number | string;
  readonly fonttype: string | undefined;
  readonly countname: string | undefined;
  readonly bgcolors: string | undefined;
  readonly total: number | undefined;
  readonly base: readonly string[];
  readonly strokecolor: string | undefined;
  readonly uicolor: string | undefined;
  /** Colours by name; absent without a palette.map. */
  readonly palette: PaletteMap | undefined;
  /** Titles and links by name. */
  readonly attributes: ReadonlyMap<string, NameAttributes>;
  readonly details: DetailsOfLabel | undefined;
  readonly testBoxes: TestBoxes | undefined;
  readonly testFunctions: TestFunctions | undefined;
  readonly reach: number | undefined;
}

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS` if an option is invalid. */
export function resolveOptions(options: RendererOptions): ResolvedRendererOptions {
  const result = schema.safeParse(options);
  if (!result.success)
    throw new RendererError('INVALID_OPTIONS', `renderer options: ${z.prettifyError(result.error)}`);
  const {
    title,
    subtitle,
    width,
    fonttype,
    countname,
    bgcolors,
    total,
    base,
    strokecolor,
    uicolor,
    cp,
    nameattr,
    details,
    testBoxes,
    testFunctions,
    reach,
    ...rest
  } = result.data;
  if (rest.flamechart && (rest.sorted || rest.reverse)) {
    const other = rest.sorted ? 'sorted' : 'reverse';
    throw new RendererError(
      'INVALID_OPTIONS',
      `renderer options: a flamechart keeps the order of its input, but ${other} changes it; give only one of the two`,
    );
  }
  const kind = rest.flamechart ? 'Flame Chart' : rest.inverted ? 'Icicle Graph' : 'Flame Graph';
  const palette = cp === undefined ? undefined : parsePaletteMap(cp);
  if (typeof palette === 'number') {
    throw new RendererError(
      'INVALID_OPTIONS',
      `renderer options: line ${palette} of the palette map is not name->rgb(r,g,b); correct it or start a new file`,
      palette,
    );
  }
  const attributes = parseNameAttributes(nameattr ?? '');
  return {
    ...rest,
    title: title ?? kind,
    subtitle,
    width,
    fonttype,
    countname,
    bgcolors,
    total,
    base: typeof base === 'string' ? [base] : base,
    strokecolor: strokecolor === 'none' ? undefined : strokecolor,
    uicolor,
    palette,
    attributes,
    details,
    testBoxes,
    testFunctions,
    reach,
  };
}

/** Returns the minimum share of the total for a box to be drawn. */
export function leastShare(minwidth: number | string): number {
  if (typeof minwidth === 'string' && minwidth.endsWith('%')) return Number(minwidth.slice(0, -1)) / 100;
  return Number(minwidth) / 1200;
}
