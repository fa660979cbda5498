import type { Drawing } from './drawing.ts';

/** Prepares the picture for printing: as wide as the sheet, with its heading but without controls. */
export function listenToPrint(drawing: Drawing): void {
  const { root } = drawing;
  const width = root.getAttribute('width');
  window.addEventListener('beforeprint', () => {
    root.classList.add('printing');
    drawing.drawAnew();
    root.setAttribute('viewBox', `0 0 ${drawing.width} ${root.getAttribute('height')}`);
    root.setAttribute('width', '100%');
    root.removeAttribute('height');
  });
  window.addEventListener('afterprint', () => {
    root.classList.remove('printing');
    root.removeAttribute('viewBox');
    if (width !== null) root.setAttribute('width', width);
    drawing.drawAnew();
  });
}
