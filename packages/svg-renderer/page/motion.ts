import type { Layout } from '../src/picture/layout.ts';

const MILLISECONDS = 120;
/** Larger steps would begin with a blur. */
const MOST_SCALE = 64;

/** The part of the picture that fills the width. */
export interface Part {
  readonly start: number;
  readonly width: number;
}

export function partOf({ starts, widths }: Layout, zoom: number): Part {
  return { start: starts[zoom]!, width: widths[zoom]! };
}

/**
 * Lets boxes that are drawn for one part grow or shrink from where another part had them, unless the reader asked for
 * less motion.
 *
 * @param left of the boxes, and `top`, in px
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
