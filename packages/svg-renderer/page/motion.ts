import type { Layout } from '../src/picture/layout.ts';

const MILLISECONDS = 120;
/** A larger step would start as a blur. */
const MOST_SCALE = 64;

/** The part of the picture that fills the width, in units of width. */
export interface Part {
  readonly start: number;
  readonly width: number;
}

export function partOf({ starts, widths }: Layout, zoom: number): Part {
  return { start: starts[zoom]!, width: widths[zoom]! };
}

/**
 * Animates boxes from where they were in another part to where they are, unless the reader asked for less motion.
 *
 * @param inner width of the boxes; `left` and `top` are their place, all in px
 */
export function animate(
  boxes: SVGGElement,
  from: Part,
  to: Part,
  inner: number,
  left: number,
  top: number,
): void {
  const scale = to.width / from.width;
  if (!(scale > 1 / MOST_SCALE && scale < MOST_SCALE) || (scale === 1 && from.start === to.start)) return;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const x = left + ((to.start - from.start) / from.width) * inner;
  boxes.animate(
    [
      { transform: `translate(${x}px, ${top}px) scaleX(${scale})` },
      { transform: `translate(${left}px, ${top}px)` },
    ],
    { duration: MILLISECONDS, easing: 'ease-out' },
  );
}
