import { PAGE_SCRIPT_HASHES, PAGE_STYLE_HASH } from './generated/page.ts';

/**
 * Hashes of the scripts and the style, for a content security policy:
 * `script-src 'sha256-…' 'sha256-…'; style-src 'sha256-…'`. They are the same in every picture of this release, because
 * the data of a picture is outside the scripts and the style. The first script unpacks the second one. (The options
 * bgcolors, fonttype, strokecolor and uicolor add a style attribute, for which a policy needs
 * `style-src 'unsafe-inline'`.)
 */
export const contentSecurityHashes: { readonly scripts: readonly string[]; readonly style: string } = {
  scripts: PAGE_SCRIPT_HASHES,
  style: PAGE_STYLE_HASH,
};
