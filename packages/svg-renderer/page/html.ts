const XHTML = 'http://www.w3.org/1999/xhtml';

/** An element of HTML, with a class of ours. */
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

/** A button; what it does is said in its title, and in its name where the text is a mere sign. */
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

/** Controls that stay together. */
export function group(...children: HTMLElement[]): HTMLElement {
  return html('div', 'group', ...children);
}
