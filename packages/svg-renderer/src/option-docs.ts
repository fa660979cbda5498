import type { RendererOptions } from './options.ts';
import { PALETTES } from './picture/palette.ts';

/** Describes an option for a command-line parser and its help. */
export interface OptionDoc {
  /** Name of the option, and of the flag without its dashes. */
  readonly name: Exclude<
    keyof RendererOptions,
    | 'sorted'
    | 'cp'
    | 'nameattr'
    | 'container'
    | 'details'
    | 'testBoxes'
    | 'testFunctions'
    | 'reach'
    | 'compareBy'
    | 'colorChance'
    | 'widths'
  >;
  readonly kind: 'text' | 'number' | 'flag';
  /** The flag may be repeated, and all its values are used. */
  readonly repeats?: true;
  /** Other spellings of the flag. */
  readonly aliases?: readonly string[];
  /** The values that the flag accepts, if there are only a few. */
  readonly choices?: readonly string[];
  readonly description: string;
}

const doc =
  (kind: OptionDoc['kind']) =>
  (name: OptionDoc['name'], description: string, ...aliases: string[]): OptionDoc => ({
    name,
    kind,
    description,
    ...(aliases.length > 0 && { aliases }),
  });
const text = doc('text');
const number = doc('number');
const flag = doc('flag');

/** The picture options, for a command-line parser. */
export const rendererOptionDocs: readonly OptionDoc[] = [
  text('title', 'heading (default: Flame Graph)'),
  text('subtitle', 'second line of the heading'),
  number('width', 'width in px (default: the available width)'),
  number('height', 'height of a box in px (default: 17)'),
  text(
    'minwidth',
    'leave out boxes narrower than this, in px at a width of 1200 px, or a share such as 0.5% (default: 0.1)',
    'min-width',
  ),
  text('fonttype', 'font of the boxes (default: monospaced)', 'font-type'),
  number('fontsize', 'font size in px (default: 12)', 'font-size'),
  number('fontwidth', 'mean glyph width relative to the font size (default: 0.61)', 'font-width'),
  text('countname', 'unit of the weights (default: the unit of the stacks, or samples)', 'count-name'),
  text('nametype', 'text before a name in the details (default: Function:)', 'name-type'),
  text('notes', 'notes to store in the file'),
  {
    name: 'colors',
    kind: 'text',
    choices: PALETTES,
    description: `palette: ${PALETTES.join(', ')} (default: hot)`,
  },
  text(
    'bgcolors',
    'background: yellow, blue, green, grey or #rrggbb (default: light or dark, like the system)',
    'bg-colors',
  ),
  flag('hash', 'give similar names similar colours'),
  flag('deterministic', 'give a name the same colour in every picture (always, unless --random is given)'),
  flag('random', 'give each box its own shade'),
  flag('colordiffusion', 'colour by share of the total', 'color-diffusion'),
  flag('reverse', 'merge stacks starting at the leaf'),
  flag('inverted', 'root at the top (icicle graph)'),
  flag('flamechart', 'keep stacks in the order of the input', 'flame-chart'),
  flag('negate', 'in a comparison, draw increases in blue and decreases in red'),
  number('total', 'weight represented by the full width (default: the sum)'),
  number('factor', 'multiply displayed counts by this factor (default: 1)'),
  {
    name: 'base',
    kind: 'text',
    repeats: true,
    description: 'draw only stacks with this frame, starting at it; repeat the flag for more frames',
  },
  number('maxDepth', 'maximum number of levels; deeper frames are left out (default: 5000)'),
  number(
    'maxBoxes',
    'maximum number of boxes; if there are more, only the widest are drawn (default: 262144)',
  ),
  text('searchcolor', 'colour of search matches (default: #e600e6)', 'search-color'),
  text(
    'uicolor',
    'colour of headings and controls, #rrggbb (default: light or dark, like the system)',
    'ui-color',
  ),
  text('strokecolor', 'outline of each box: #rrggbb, or none', 'stroke-color'),
];
