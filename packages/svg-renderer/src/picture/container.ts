import { PAGE_SCRIPT_HASHES } from '../generated/page.ts';
import { escapeXml } from './escape.ts';

/** What stands before and after the `svg` element. */
export type Container = readonly [before: string, after: string];

export const SVG_FILE: Container = ['<?xml version="1.0" encoding="UTF-8"?>\n', ''];

/**
 * A page with a viewport. Its policy allows our script alone, and no request; a picture is saved by an
 * image of itself. (Styles of an element are allowed: some
 * options are one.) By its attribute the script knows that it has the page for itself.
 */
export function htmlPage(title: string): Container {
  const scripts = PAGE_SCRIPT_HASHES.map((hash) => `'${hash}'`).join(' ');
  const policy = `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data:`;
  return [
    `<!doctype html>
<html lang="en" data-stapflame-page>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
</head>
<body>
`,
    '</body>\n</html>\n',
  ];
}
