import { childrenOf, siblingsOf } from './call-tree.ts';
import type { Picture } from './picture.ts';

/** Handles keys while the picture has the focus. At other times, keys belong to the surrounding page. */
export function listenToKeys(picture: Picture): void {
  const { toolbar, tree } = picture;
  picture.drawing.root.addEventListener('keydown', (event) => {
    const isSearch = event.key === 'F3' || ((event.ctrlKey || event.metaKey) && event.key === 'f');
    if (isSearch) {
      // if the search field already has the focus, let the browser open its own search
      if (document.activeElement === toolbar.input) return;
      event.preventDefault();
      toolbar.input.focus();
      toolbar.input.select();
      return;
    }
    if (event.key === 'Escape') {
      // the browser would empty the field without sending an input event
      event.preventDefault();
      if (document.activeElement !== toolbar.input) picture.reset();
      else if (toolbar.input.value !== '') picture.type('');
      else tree.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !tree.hasFocus) return;
    if (act(picture, event.key)) event.preventDefault();
  });
}

/** Handles a key and returns whether the key does anything here. */
function act(picture: Picture, key: string): boolean {
  const { tree, layout } = picture;
  const { current } = tree;
  const deeper = picture.state.inverted ? 'ArrowDown' : 'ArrowUp';
  const to = (box: number | undefined): true => {
    if (box !== undefined && box >= 0) picture.select(box);
    return true;
  };
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const siblings = siblingsOf(layout, current);
      return to(siblings[siblings.indexOf(current) + (key === 'ArrowLeft' ? -1 : 1)]);
    }
    case 'ArrowUp':
    case 'ArrowDown':
      if (key !== deeper) return to(layout.parents[current]);
      return to(widest(layout.widths, childrenOf(layout, current)));
    case 'Home':
      return to(0);
    case 'Enter':
    case ' ':
      picture.zoom(current);
      return true;
    case 'n':
    case 'N':
      picture.step(key === 'n' ? 1 : -1);
      return true;
    default:
      return false;
  }
}

function widest(widths: Float64Array, boxes: readonly number[]): number | undefined {
  return boxes.reduce<number | undefined>(
    (best, box) => (best === undefined || widths[box]! > widths[best]! ? box : best),
    undefined,
  );
}
