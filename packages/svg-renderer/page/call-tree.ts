import { describe, rowTop, type Look } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';

const SVG = 'http://www.w3.org/2000/svg';
/**
 * Maximum number of callers, of siblings on each side, and of callees that have elements. More would slow down each
 * step.
 */
const AROUND = 20;

export interface Place {
  readonly x: number;
  readonly width: number;
}

/**
 * The tree of boxes for keyboard users and screen readers. A picture may have too many boxes to create an element for
 * each, so only the current box, its callers, its siblings and its callees have elements in this tree.
 */
export class CallTree {
  readonly element: SVGGElement = document.createElementNS(SVG, 'g');
  /** The current box: keys and buttons act on it. */
  current = 0;
  #item: SVGElement | undefined;

  constructor(label: string) {
    this.element.setAttribute('role', 'tree');
    this.element.setAttribute('aria-label', label);
    this.element.setAttribute('class', 'tree');
  }

  /** Whether the tree has the keyboard focus. */
  get hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  focus(): void {
    this.#item?.focus({ preventScroll: true });
  }

  /** The element of the current box. */
  get item(): SVGElement {
    return this.#item!;
  }

  /**
   * Calls the listener when the tree gets the focus. The event handler is on the document, because Chromium turns an
   * SVG element that has a focus listener into a Tab stop.
   */
  onFocus(listener: () => void): void {
    document.addEventListener('focusin', () => {
      if (this.hasFocus) listener();
    });
  }

  show(
    layout: Layout,
    look: Look,
    current: number,
    inverted: boolean,
    placeOf: (box: number) => Place,
  ): void {
    const hadFocus = this.hasFocus;
    this.current = current;
    const items: SVGElement[] = [];
    const add = (box: number, siblings: readonly number[]): void => {
      const item = document.createElementNS(SVG, 'rect');
      const { x, width } = placeOf(box);
      const depth = layout.tree.depths[box]!;
      const isCurrent = box === current;
      for (const [name, value] of Object.entries({
        role: 'treeitem',
        x,
        y: rowTop(depth, layout.rows.length, look.height, inverted),
        width: Math.max(width, 2),
        height: look.height - 1,
        tabindex: isCurrent ? 0 : -1,
        'aria-label': describe(layout, look, box),
        'aria-level': depth + 1,
        'aria-posinset': siblings.indexOf(box) + 1,
        'aria-setsize': siblings.length,
        'aria-selected': isCurrent,
      })) {
        item.setAttribute(name, String(value));
      }
      if (childrenOf(layout, box).length > 0) item.setAttribute('aria-expanded', String(box <= current));
      if (isCurrent) this.#item = item;
      items.push(item);
    };
    const path: number[] = [];
    for (let up = layout.parents[current]!; up >= 0 && path.length < AROUND; up = layout.parents[up]!)
      path.push(up);
    for (const box of path.toReversed()) add(box, siblingsOf(layout, box));
    const siblings = siblingsOf(layout, current);
    const at = siblings.indexOf(current);
    for (const box of siblings.slice(Math.max(0, at - AROUND), at + AROUND + 1)) {
      add(box, siblings);
      if (box !== current) continue;
      const children = childrenOf(layout, current);
      for (const child of children.slice(0, AROUND)) add(child, children);
    }
    this.element.replaceChildren(...items);
    if (hadFocus) this.focus();
  }
}

/** Returns a box's callees from left to right. */
export function childrenOf({ ends, widths }: Layout, box: number): number[] {
  const children: number[] = [];
  for (let child = box + 1; child < ends[box]!; child = ends[child]!) {
    if (widths[child]! > 0) children.push(child);
  }
  return children;
}

export function siblingsOf(layout: Layout, box: number): number[] {
  return box === 0 ? [0] : childrenOf(layout, layout.parents[box]!);
}
