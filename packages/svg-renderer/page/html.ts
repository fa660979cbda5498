const XHTML = 'http://www.w3.org/1999/xhtml';

/** Creates an HTML element with the class `sf-` + `style`. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  style: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElementNS(XHTML, tag) as HTMLElementTagNameMap[Tag];
  element.className = `sf-${style}`;
  element.append(...content);
  return element;
}

/** Creates a button. Its title describes the action, and is also the accessible name if the text is only a symbol. */
export function button(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const element = html('button', 'button', text);
  element.type = 'button';
  if (title !== '') {
    element.title = title;
    if (text.length === 1 || text === 'Aa') element.setAttribute('aria-label', title);
  }
  element.addEventListener('click', onClick);
  return element;
}

/** Groups controls so that they wrap to the next line together. */
export function group(...children: HTMLElement[]): HTMLElement {
  return html('div', 'group', ...children);
}
