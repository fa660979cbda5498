import type { PageData } from '../src/picture/document.ts';
import { count } from '../src/picture/amount.ts';
import { set } from './attributes.ts';
import { button, group, html } from './html.ts';
import type { Search } from './search.ts';
import type { State } from './state.ts';

/** Functions that the buttons call. */
export interface Actions {
  readonly search: (text: string) => void;
  readonly toggleCase: () => void;
  readonly step: (by: 1 | -1) => void;
  readonly turn: () => void;
  readonly hide: () => void;
  readonly focus: () => void;
  /** Hides all stacks that contain a search match. */
  readonly hideFound: () => void;
  /** Shows only stacks that contain a search match. */
  readonly focusFound: () => void;
  readonly dropFilter: (filter: number) => void;
  readonly copy: () => void;
  readonly reset: () => void;
  readonly zoom: (box: number) => void;
}

/** Maximum number of buttons in the zoomed function's path: two at the root end, and the nearest callers. */
const MOST_STEPS = 12;

/**
 * The heading, controls, filters, path and details above the boxes. They are written in HTML, because SVG has no
 * native controls and does not wrap text.
 */
export interface Toolbar {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly reset: HTMLButtonElement;
  /** Buttons that act on the selected function. */
  readonly onSelected: readonly HTMLButtonElement[];
  readonly result: HTMLElement;
  readonly chips: HTMLElement;
  readonly details: HTMLElement;
  show(state: State, search: Search, chips: readonly string[]): void;
  showPath(path: readonly number[], nameOf: (box: number) => string): void;
}

export function createToolbar(data: PageData, actions: Actions): Toolbar {
  const element = html('div', 'top');
  element.append(html('h2', 'heading', data.title));
  if (data.subtitle !== '') element.append(html('p', 'sub', data.subtitle));
  if (data.incomplete !== '') element.append(html('p', 'lost', data.incomplete));
  const bar = html('div', 'bar');
  const input = html('input', 'search');
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
  const turn = button('Invert', 'Put the root at the other end', actions.turn);
  const onFound = group(
    button('Focus matches', 'Show only stacks with a match', actions.focusFound),
    button('Hide matches', 'Leave out all matches', actions.hideFound),
  );
  const onSelected = [
    button('Focus', 'Show only stacks with the selected function', actions.focus),
    button('Hide', 'Leave out the selected function', actions.hide),
  ];
  const reset = button('Reset', 'Show everything', actions.reset);
  bar.append(
    group(
      input,
      matchCase,
      button('‹', 'Previous match', () => actions.step(-1)),
      button('›', 'Next match', () => actions.step(1)),
    ),
    result,
    onFound,
    html('span', 'space'),
    group(...onSelected),
    group(turn, button('Copy', 'Copy the stack of the selected function', actions.copy), reset),
  );
  const chips = html('div', 'chips');
  chips.setAttribute('role', 'group');
  chips.setAttribute('aria-label', 'Filters');
  const showFilters = (texts: readonly string[]): void => {
    chips.hidden = texts.length === 0;
    chips.replaceChildren(
      ...texts.map((text, i) => {
        const chip = button(`${text} ×`, `${text}: remove this filter`, () => actions.dropFilter(i));
        chip.setAttribute('aria-label', `${text}: remove this filter`);
        return chip;
      }),
    );
  };
  const show: Toolbar['show'] = (state, { found, error }, filters) => {
    if (input.value !== state.search) input.value = state.search;
    set(input, { 'aria-invalid': error !== '' });
    set(matchCase, { 'aria-pressed': state.matchCase });
    set(turn, { 'aria-pressed': state.inverted });
    reset.disabled = state.zoom === 0 && state.filters.length === 0 && state.search === '';
    onFound.hidden = (found?.boxes.length ?? 0) === 0;
    showFilters(filters);
  };
  const path = html('nav', 'path');
  path.setAttribute('aria-label', 'Path of the zoomed function');
  const details = html('div', 'details');
  element.append(bar, chips, path, details);
  const showPath: Toolbar['showPath'] = (boxes, nameOf) => {
    const steps = boxes.map((box) => button(nameOf(box), '', () => actions.zoom(box)));
    steps.at(-1)?.setAttribute('aria-current', 'true');
    const left = Math.max(0, steps.length - MOST_STEPS);
    const gap = left > 0 ? [html('span', 'gap', `› … ${count(left)} more …`)] : [];
    path.replaceChildren(...steps.slice(0, 2), ...gap, ...steps.slice(2 + left));
    // skip this if only the root is shown, which always fits: reading the width makes the browser lay out the page
    if (steps.length > 1) path.scrollLeft = path.scrollWidth;
  };
  return {
    element,
    input,
    reset,
    onSelected,
    result,
    chips,
    details,
    show,
    showPath,
  };
}
