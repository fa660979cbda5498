import { PAGE_SCRIPT_HASHES } from '../generated/page.ts';
import { escapeXml } from './escape.ts';

/** The text before and after the `svg` element. */
export type Container = readonly [before: string, after: string];

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const SVG_FILE: Container = [XML_DECLARATION, ''];

/**
 * An HTML page that contains one picture and fits a phone's width. An attribute of its `html` element tells the script
 * that the page has no other content.
 */
export function htmlPage(title: string): Container {
  return [pageStart(title, ' data-stapflame-page', ''), PAGE_END];
}

/** A picture and the name of its tab. */
export interface NamedPicture {
  readonly name: string;
  /** The content of an SVG file drawn by this package. */
  readonly svg: string;
}

/** Style of the tabs. They are radio buttons, which work without a script, with arrow keys and with screen readers. */
const TABS_STYLE = `:root{color-scheme:light dark;font:14px/1.4 system-ui,sans-serif}
body{margin:0;display:flex;flex-wrap:wrap}
input{position:absolute;opacity:0}
label{padding:8px 14px;border-bottom:3px solid transparent;cursor:pointer}
input:checked+label{border-color:currentColor;font-weight:600}
input:focus-visible+label{outline:2px solid;outline-offset:-2px}
section{display:none;order:1;width:100%}
input:checked+label+section{display:block}
.stapflame{display:block;min-height:calc(100vh - 39px)}`;

/**
 * Writes an HTML page with a tab for each picture. Only one picture is in memory at a time. Throws a `TypeError` if a
 * string is not a picture.
 */
export function* tabbedPage(title: string, pictures: Iterable<NamedPicture>): Generator<string> {
  yield pageStart(title, '', `<style>${TABS_STYLE}</style>\n`);
  let tab = 0;
  for (const { name, svg } of pictures) {
    if (!isPicture(svg)) throw new TypeError(`${name} is not a stapflame picture`);
    tab++;
    const text = escapeXml(name);
    yield `<input type="radio" name="tab" id="tab${tab}"${tab === 1 ? ' checked' : ''}>`;
    yield `<label for="tab${tab}">${text}</label><section aria-label="${text}">\n`;
    yield svg.slice(XML_DECLARATION.length);
    yield '</section>\n';
  }
  yield PAGE_END;
}

/** Whether a string starts like a stapflame picture. */
export function isPicture(text: string): boolean {
  return text.startsWith(`${XML_DECLARATION}<svg xmlns="http://www.w3.org/2000/svg" class="stapflame" `);
}

/**
 * Returns the start of an HTML page. The page's content security policy allows no requests and no scripts but ours. It
 * allows `data:` images, which are needed to save a picture as PNG, and style attributes, which some options need.
 */
function pageStart(title: string, attributes: string, head: string): string {
  const scripts = PAGE_SCRIPT_HASHES.map((hash) => `'${hash}'`).join(' ');
  const policy = `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data:`;
  return `<!doctype html>
<html lang="en"${attributes}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
${head}</head>
<body>
`;
}

const PAGE_END = '</body>\n</html>\n';
