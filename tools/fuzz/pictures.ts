import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { EXACT_MAX } from '@stapflame/stacks';
import { FlameGraphRenderer } from '@stapflame/svg-renderer';
import { SaxesParser } from 'saxes';
import { attempt, inPieces, type Result } from './attempt.ts';
import type { FuzzInput } from './inputs.ts';

interface Picture {
  readonly svg: string;
  readonly weight: number;
}

function draw(bytes: Uint8Array, size: number): Result<Picture> {
  return attempt(() => {
    const renderer = new FlameGraphRenderer();
    inPieces(bytes, size, (piece) => renderer.push(piece));
    const svg = [...renderer.finish()].join('');
    return { svg, weight: renderer.summary().weight };
  });
}

/** Checks that the input gives a valid picture, the same when read in pieces, or a named error. */
export function checkPictureOf({ bytes, cut }: FuzzInput): void {
  const picture = draw(bytes, Infinity);
  deepStrictEqual(draw(bytes, cut), picture);
  if ('value' in picture) checkPicture(picture.value.svg);
}

/** Checks that the root of the picture has the weight that was read. */
export function checkPictureOfFolded(folded: string, weight: number): void {
  const picture = draw(Buffer.from(folded), Infinity);
  if (weight === 0) return deepStrictEqual(picture, { refused: 'EMPTY_INPUT' });
  ok('value' in picture);
  // beyond the exact integers, the last digit of a sum depends on the order of addition
  const off = Math.abs(picture.value.weight - weight);
  ok(off <= (weight > EXACT_MAX ? weight * Number.EPSILON * 4 : 0), `off by ${off}`);
  checkPicture(picture.value.svg);
}

/** Checks that a picture is strict XML, with one script and no event handler attribute. */
function checkPicture(svg: string): void {
  const parser = new SaxesParser();
  let scripts = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'script') scripts++;
    for (const attribute of Object.keys(attributes))
      ok(!/^on/i.test(attribute), `the attribute ${attribute}`);
  });
  parser.write(svg).close();
  strictEqual(scripts, 1);
}
