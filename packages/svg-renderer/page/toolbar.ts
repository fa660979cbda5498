import type { PageData } from '../src/picture/document.ts';

const XHTML = 'http://www.w3.org/1999/xhtml';

/** What the buttons do. */
export interface Actions {
  readonly search: (text: string) => void;
  readonly toggleCase: () => void;
  readonly step: (by: 1 | -1) => void;
  readonly turn: () => void;
  readonly hide: () => void;
  readonly focus: () => void;
  readonly undo: () => void;
  readonly copy: () => void;
  readonly reset: () => void;
  readonly zoom: (box: number) => void;
}

/** Heading, controls, path and details above the boxes, in HTML: they wrap, and readers know them. */
export interface Toolbar {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly matchCase: HTMLButtonElement;
  readonly turn: HTMLButtonElement;
  readonly undo: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
  readonly result: HTMLElement;
  readonly details: HTMLElement;
  showPath(path: readonly (readonly [box: number, name: string])[]): void;
}

export function createToolbar(data: PageData, actions: Actions): Toolbar {
  const element = html('div', 'top');
  element.append(html('h2', 'heading', data.title));
  if (data.subtitle !== '') element.append(html('p', 'sub', data.subtitle));
  if (data.incomplete !== '') element.append(html('p', 'lost', data.incomplete));
  const bar = html('div', 'bar');
  const input = html('input', 'search') as HTMLInputElement;
  input.type = 'search';
  input.placeholder = 'Search names';
  input.setAttribute('aria-label', 'Search names by regular expression');
  input.spellcheck = false;
  input.addEventListener('input', () => actions.search(input.value));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    actions.step(event.shiftKey ? -1 : 1);
  });
  const matchCase = button('Aa', 'Match case', actions.toggleCase);
  const result = html('span', 'result');
  result.setAttribute('role', 'status');
  const turn = button('Turn', 'Root at the other end', actions.turn);
  const undo = button('Undo', 'Undo the last hide or focus', actions.undo);
  const reset = button('Reset', 'Show everything', actions.reset);
  bar.append(
    group(
      input,
      matchCase,
      button('‹', 'Previous match', () => actions.step(-1)),
      button('›', 'Next match', () => actions.step(1)),
    ),
    result,
    html('span', 'space'),
    group(
      button('Focus', 'Show only stacks with the selected function', actions.focus),
      button('Hide', 'Leave the selected function out', actions.hide),
      undo,
    ),
    group(turn, button('Copy', 'Copy the selected name', actions.copy), reset),
  );
  const path = html('nav', 'path');
  path.setAttribute('aria-label', 'Path of the zoomed function');
  const details = html('div', 'details');
  element.append(bar, path, details);
  const showPath: Toolbar['showPath'] = (steps) => {
    path.replaceChildren(
      ...steps.map(([box, name], i) => {
        const step = button(name, '', () => actions.zoom(box));
        if (i === steps.length - 1) step.setAttribute('aria-current', 'true');
        return step;
      }),
    );
    path.scrollLeft = path.scrollWidth;
  };
  return { element, input, matchCase, turn, undo, reset, result, details, showPath };
}

export function html(tag: string, style: string, text = ''): HTMLElement {
  const element = document.createElementNS(XHTML, tag) as HTMLElement;
  element.className = `sf-${style}`;
  element.textContent = text;
  return element;
}

function group(...children: HTMLElement[]): HTMLElement {
  const element = html('div', 'group');
  element.append(...children);
  return element;
}

function button(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const element = html('button', 'button', text) as HTMLButtonElement;
  element.type = 'button';
  if (title !== '') {
    element.title = title;
    if (text.length === 1 || text === 'Aa') element.setAttribute('aria-label', title);
  }
  element.addEventListener('click', onClick);
  return element;
}
