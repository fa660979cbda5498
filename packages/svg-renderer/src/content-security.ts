import { PAGE_SCRIPT_HASHES, PAGE_STYLE_HASH } from './generated/page.ts';

/**
 * Hashes of the scripts and the style, for a content security policy such as
 * `script-src 'sha256-…' 'sha256-…'; style-src 'sha256-…'`. All pictures drawn by this release have the same hashes,
 * because a picture's data is outside its scripts and style. The first script inflates the second one. The options
 * bgcolors, fonttype, strokecolor and uicolor add a style attribute, which requires `style-src 'unsafe-inline'` in the
 * policy.
 */
export const contentSecurityHashes: { readonly scripts: readonly string[]; readonly style: string } = {
  scripts: PAGE_SCRIPT_HASHES,
  style: PAGE_STYLE_HASH,
};
