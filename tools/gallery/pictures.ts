import { readFileSync } from 'node:fs';
import { renderFlameGraph, type RendererOptions } from '@stapflame/svg-renderer';

interface Picture {
  readonly name: string;
  /** The directory in examples/ that contains the folded text. */
  readonly example: string;
  readonly about: string;
  readonly options: RendererOptions & { readonly title: string };
}

const PICTURES: readonly Picture[] = [
  {
    name: 'perl',
    example: 'perl',
    about: 'A Perl interpreter at work, in the default palette.',
    options: { title: 'perl, substituting and concatenating', subtitle: 'stacks of user space' },
  },
  {
    name: 'burn',
    example: 'burn',
    about: 'The root is at the top.',
    options: { title: 'burn', subtitle: 'user space, root at the top', inverted: true },
  },
  {
    name: 'colorblind',
    example: 'perl',
    about: 'A palette whose colours can be distinguished with every common kind of colour blindness.',
    options: { title: 'perl', subtitle: '--colors colorblind', colors: 'colorblind' },
  },
  {
    name: 'diffusion',
    example: 'perl',
    about: "Each box is coloured by its share of the picture's total.",
    options: { title: 'perl', subtitle: '--colordiffusion', colordiffusion: true },
  },
  {
    name: 'incomplete',
    example: 'damaged',
    about: 'The trace is incomplete, and the picture says so.',
    options: { title: 'openssl', subtitle: 'a damaged trace' },
  },
];

/** The pictures in docs/gallery/, by file name. */
export function gallery(examples: URL): ReadonlyMap<string, string> {
  return new Map(
    PICTURES.map(({ name, example, options }) => {
      const folded = readFileSync(new URL(`${example}/folded.txt`, examples));
      return [`${name}.svg`, renderFlameGraph([folded], options)];
    }),
  );
}

/** The text of docs/gallery.md. */
export function galleryPage(): string {
  const parts = PICTURES.map(
    ({ name, about, options: { title } }) =>
      `\n## ${title}: ${name}\n\n${about}\n\n[![${title}](gallery/${name}.svg)](gallery/${name}.svg)\n`,
  );
  return `# Gallery\n\nReal traces from [examples/](../examples), drawn by \`node tools/gallery/make.mjs\`. Open a picture in its own tab to zoom and search.\n${parts.join('')}`;
}
