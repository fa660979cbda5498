import type { Layout } from '../src/picture/layout.ts';

const MILLISECONDS = 120;
/** Largest change of scale to animate. Animating a larger one would start with a blur. */
const MOST_SCALE = 64;

/** The part of the tree that fills the picture's width, in the units of {@link Layout}. */
export interface Part {
  readonly start: number;
  readonly width: number;
}

export function partOf({ starts, widths }: Layout, zoom: number): Part {
  return { start: starts[zoom]!, width: widths[zoom]! };
}

/**
 * Animates the boxes from their positions in one part to those in another, unless the user prefers reduced motion.
 *
 * @param from the part that was shown
 * @param to the part that is shown now
 * @param inner width of all boxes, in px
 * @param left horizontal position of the boxes, in px
 * @param top vertical position of the boxes, in px
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
