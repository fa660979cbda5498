import { RUN_SCALE } from '../src/picture/draw.ts';
import type { RunPath } from '../src/picture/runs.ts';
import { set } from './attributes.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Creates the path elements for runs. Parsing them as markup would be slower, because their paths are long. */
export class RunPaths {
  readonly element: SVGGElement = document.createElementNS(SVG, 'g');

  constructor() {
    set(this.element, { transform: RUN_SCALE });
  }

  show(runs: readonly RunPath[], fillOf: (color: number) => string): void {
    const paths = runs.map(({ color, d }) => {
      const path = document.createElementNS(SVG, 'path');
      set(path, { fill: fillOf(color), d });
      return path;
    });
    this.element.replaceChildren(...paths);
  }
}
