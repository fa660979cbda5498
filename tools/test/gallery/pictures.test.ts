import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gallery, galleryPage } from '../../gallery/pictures.ts';

const ROOT = new URL('../../../', import.meta.url);
const written = (file: string): string => readFileSync(new URL(`docs/${file}`, ROOT), 'utf8');

it('the gallery matches the renderer; node tools/gallery/make.mjs redraws it', () => {
  const pictures = gallery(new URL('examples/', ROOT));
  expect(pictures.size).toBeGreaterThan(0);
  for (const [file, svg] of pictures) expect(written(`gallery/${file}`) === svg, file).toBe(true);
  expect(written('gallery.md')).toBe(galleryPage());
});
