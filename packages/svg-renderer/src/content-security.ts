import { PAGE_SCRIPT_HASHES, PAGE_STYLE_HASH } from './generated/page.ts';

/**
 * The scripts and the style of every picture of this release, as a content security policy names them:
 * `script-src 'sha256-…' 'sha256-…'; style-src 'sha256-…'`. The first script unpacks the second one. Whatever
 * differs between two pictures is outside of the scripts and the style. (The options bgcolors, fonttype,
 * strokecolor and uicolor add a style attribute, for which a policy needs `style-src 'unsafe-inline'`.)
 */
export const contentSecurityHashes: { readonly scripts: readonly string[]; readonly style: string } = {
  scripts: PAGE_SCRIPT_HASHES,
  style: PAGE_STYLE_HASH,
};
